package io.dropblock.spark.preflight.slot;

import java.io.Serializable;
import java.util.List;

/**
 * What went wrong in a task slot.
 *
 * @param executor for people
 * @param trouble in a line; empty where nothing went wrong
 */
public record SlotTrouble(String executor, String trouble) implements Serializable {

  /** Those where something did, an executor once. */
  public static List<String> words(List<SlotTrouble> slots) {
    return slots.stream()
        .filter(slot -> !slot.trouble().isEmpty())
        .map(slot -> slot.executor() + ": " + slot.trouble())
        .distinct()
        .toList();
  }
}
