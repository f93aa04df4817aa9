package io.dropblock.spark.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lets people choose between the moving average of a network's weights and the weights. */
final class WeightsOption {
  @Option(
      names = "--weights",
      paramLabel = "WHICH",
      description =
          "Of a run with train.moving_average: average or raw; default: the average where there is"
              + " one.")
  private String which;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** As it was typed; null if it was not. */
  String typed() {
    return which;
  }

  /**
   * @throws ParameterException if it is none of them
   */
  Weights weights() {
    if (which == null) {
      return Weights.AVERAGE_IF_ANY;
    }
    return switch (which) {
      case "average" -> Weights.AVERAGE;
      case "raw" -> Weights.RAW;
      default ->
          throw new ParameterException(
              command.commandLine(),
              "Cannot use --weights " + which + ": it is none of average, raw");
    };
  }
}
