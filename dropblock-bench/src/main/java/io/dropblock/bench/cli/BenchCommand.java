package io.dropblock.bench.cli;

import io.dropblock.spark.cli.AddedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements of this machine; what is measured is the subcommand. */
@Command(
    name = "bench",
    description =
        "Measures: op is the DropBlock op beside a plain copy and ND4J, step a training step,"
            + " averaging a round between ranks, input what happens to an image before,"
            + " separable the separable convolutions of AmoebaNet."
            + " trace writes what a network computes, to compare with another program.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      OpCommand.class,
      StepCommand.class,
      AveragingCommand.class,
      InputCommand.class,
      SeparableCommand.class,
      TraceCommand.class
    },
    footer = {
      "",
      "Example:",
      "  ./submit.sh bench op --quick",
      "  ./submit.sh bench step --quick",
      "  ./submit.sh bench averaging --quick",
      "  ./submit.sh bench input --quick --data DIR",
      "  ./submit.sh bench separable --quick",
      "  ./submit.sh bench trace --to DIR"
    })
public final class BenchCommand implements AddedCommand, Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "Cannot measure: say what, op, step, averaging, input, separable or trace");
  }
}
