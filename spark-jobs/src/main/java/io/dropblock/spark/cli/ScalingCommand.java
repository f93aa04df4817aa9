package io.dropblock.spark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How training scales, on paper; what is asked is the subcommand. */
@Command(
    name = "scaling",
    description =
        "Says on paper how training scales: predict what any number of ranks takes, compare that"
            + " with what was measured, simulate failures and checkpoints. Starts no cluster.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      ScalingPredictCommand.class,
      ScalingCompareCommand.class,
      ScalingSimulateCommand.class
    },
    footer = {
      "",
      "The formulas: docs/scaling.md.",
      "",
      "Examples:",
      "  ./submit.sh scaling predict imagenet-resnet50-dropblock",
      "  ./submit.sh scaling simulate --ranks 512 --host-days 264"
    })
final class ScalingCommand implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(), "Cannot scale: say what, predict, compare or simulate");
  }
}
