package io.dropblock.spark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks closer at trained networks, and at the op; how is the subcommand. */
@Command(
    name = "analyze",
    description =
        "Looks closer at trained networks: robustness drops at inference (the paper's figure 5),"
            + " cam shows where networks look (figure 6); keep looks at the op itself, what share"
            + " it keeps.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {RobustnessCommand.class, ClassMapCommand.class, KeepCommand.class},
    footer = {
      "",
      "Examples:",
      "  ./submit.sh analyze robustness runs/plain runs/dropblock --data data/photos",
      "  ./submit.sh analyze cam runs/plain runs/dropblock --images photos",
      "  ./submit.sh analyze keep"
    })
final class AnalyzeCommand implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(), "Cannot analyze: say what, robustness, cam or keep");
  }
}
