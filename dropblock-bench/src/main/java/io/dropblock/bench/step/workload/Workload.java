package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.nn.phase.Phase;
import java.util.Map;

/** A network at work, a step at a time. */
public sealed interface Workload permits TrainingWorkload, InferenceWorkload {

  /** Builds the network that does it. */
  static Workload of(WorkloadSettings settings) {
    return switch (settings.kind()) {
      case TRAINING -> new TrainingWorkload(settings);
      case INFERENCE -> new InferenceWorkload(settings);
    };
  }

  /**
   * One batch.
   *
   * @throws MeasurementException if what comes out is not what a network gives
   */
  void step();

  /** The phases of the last steps, milliseconds a step. */
  Map<Phase, Double> takePhases(int steps);

  /** The loss of the first step; not a number if it has none. */
  double firstLoss();

  /** The loss of the last step; not a number if it has none. */
  double lastLoss();
}
