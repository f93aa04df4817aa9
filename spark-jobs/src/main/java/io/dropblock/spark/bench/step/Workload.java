package io.dropblock.spark.bench.step;

import java.util.Map;

/** A network at work, a step at a time. */
sealed interface Workload permits TrainingWorkload, InferenceWorkload {

  /** Builds the network of a job. */
  static Workload of(StepJob job) {
    return switch (job.kind()) {
      case TRAINING -> new TrainingWorkload(job);
      case INFERENCE -> new InferenceWorkload(job);
    };
  }

  /**
   * One batch.
   *
   * @throws MeasurementException if what comes out is not what a network gives
   */
  void step();

  /** The phases of the last steps, milliseconds a step; empty if it has none. */
  Map<Phase, Double> takePhases(int steps);

  /** The loss of the first step; not a number if it has none. */
  double firstLoss();

  /** The loss of the last step; not a number if it has none. */
  double lastLoss();
}
