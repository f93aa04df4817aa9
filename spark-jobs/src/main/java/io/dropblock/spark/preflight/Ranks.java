package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.text.Count;
import java.util.Locale;

/**
 * Whether a recipe's ranks find their task slots.
 *
 * @param wanted ranks that the recipe asks for, at least 1; those that an elastic run can do with
 * @param chosen ranks that will train on what there is; 0 where there is too little
 * @param slots task slots that there are, less those that an evaluation keeps
 * @param microBatches of a step; 0 where ranks have their own
 */
public record Ranks(int wanted, int chosen, int slots, int microBatches) {
  static final String NAME = "ranks";

  /** What is found. */
  public Finding finding() {
    if (slots < wanted) {
      return Finding.fault(
          NAME,
          String.format(
              Locale.ROOT,
              "the recipe needs %s, and there %s",
              Count.of(wanted, "rank"),
              slots == 1 ? "is 1 task slot" : "are " + slots + " task slots"),
          "start more executors (spark.executor.instances) or set train.world");
    }
    String share =
        microBatches == 0
            ? ""
            : ", a step's " + Count.of(microBatches, "slot") + " shared out among them";
    if (chosen < slots) {
      return Finding.warning(
          NAME,
          String.format(
              Locale.ROOT,
              "%s on %s%s",
              Count.of(chosen, "rank"),
              Count.of(slots, "task slot"),
              share),
          Count.of(slots - chosen, "task slot")
              + " will be idle; ask for fewer executors, or see train.world and train.slots");
    }
    return Finding.ok(NAME, Count.of(chosen, "rank") + " on as many task slots" + share);
  }
}
