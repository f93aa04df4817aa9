package io.dropblock.bench.step;

import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.bench.step.workload.StepModel;
import io.dropblock.bench.step.workload.WorkloadSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is measured.
 *
 * @param model the network
 * @param batch images of a step on each rank, at least 1
 * @param size height and width of the images in pixels, at least 1
 * @param threads of all ranks together
 * @param ranks processes at once; 1 for no such row
 * @param stock whether DL4J out of the box is measured, too
 * @param dropBlock whether the network drops
 * @param pace how long
 */
public record StepPlan(
    StepModel model,
    int batch,
    int size,
    int threads,
    int ranks,
    boolean stock,
    boolean dropBlock,
    StepPace pace) {

  /**
   * @throws IllegalArgumentException if a number is below 1, the ranks cannot have equal shares of
   *     the threads, a batch is too large for an array, or DL4J lacks layers of the network
   */
  public StepPlan {
    requirePositive("batch", batch);
    requirePositive("size", size);
    requirePositive("number of threads", threads);
    requirePositive("number of ranks", ranks);
    if (threads % ranks != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid number of ranks: %d, the number of threads, %d, is no multiple of it",
              ranks,
              threads));
    }
    StepModel.images(batch, size);
    if (stock) {
      model.requireStock();
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + " is below 1");
    }
  }

  /** The rows, in their order. */
  List<StepSetup> setups() {
    List<StepSetup> setups = new ArrayList<>();
    setups.add(new StepSetup(StepCase.OURS, 1, threads));
    if (stock) {
      setups.add(new StepSetup(StepCase.STOCK, 1, threads));
    }
    if (ranks > 1) {
      setups.add(new StepSetup(StepCase.RANKS, ranks, threads / ranks));
    }
    return setups;
  }

  /** What one process of a row is to do. */
  StepJob job(StepKind kind, StepSetup setup) {
    return new StepJob(
        new WorkloadSettings(
            kind,
            model.name(),
            StepModel.images(batch, size),
            setup.what() != StepCase.STOCK,
            dropBlock),
        setup.threads(),
        pace);
  }
}
