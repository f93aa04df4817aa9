package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.SlotTrouble;
import java.util.List;

/** Whether executors see the run folder: rank 0 writes checkpoints within an epoch there. */
final class SharedRunFolder {
  static final String NAME = "run folder of executors";

  private SharedRunFolder() {}

  static Finding of(List<SlotTrouble> slots) {
    List<String> troubles = SlotTrouble.words(slots);
    return troubles.isEmpty()
        ? Finding.ok(NAME, "all executors read and write there")
        : Finding.warning(
            NAME,
            Several.of(troubles, "executors"),
            "give --run on a file system that all hosts mount, else there are checkpoints after"
                + " whole epochs only");
  }
}
