package io.dropblock.spark.cli;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.failure.TrainingException;

/** Which weights of a trained network a command takes. */
enum Weights {
  /** The moving average where the run kept one, else the weights themselves. */
  AVERAGE_IF_ANY,
  /** The moving average. */
  AVERAGE,
  /** The weights as the last step left them. */
  RAW;

  /**
   * The network with these weights.
   *
   * @param of whose they are, for people
   * @throws TrainingException if there is no moving average and it was asked for
   */
  NetworkState take(Checkpoint checkpoint, String of) {
    NetworkState network = checkpoint.network();
    if (this == AVERAGE && !network.hasAverage()) {
      throw new TrainingException(
          "Cannot take the moving average of the weights of "
              + of
              + ": it kept none (train.moving_average); leave --weights out");
    }
    return this == RAW ? network.raw() : network.forInference();
  }

  /** What was taken, behind a comma; nothing where there is one kind of weights only. */
  String told(Checkpoint checkpoint) {
    if (!checkpoint.network().hasAverage()) {
      return "";
    }
    return this == RAW ? ", raw weights" : ", moving average of the weights";
  }
}
