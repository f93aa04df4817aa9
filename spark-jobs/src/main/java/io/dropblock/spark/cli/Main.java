package io.dropblock.spark.cli;

import io.dropblock.spark.gpu.GpuPlugin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The entry point of the jar. */
@Command(
    name = "dropblock",
    description = "Trains convolutional networks with DropBlock on a Spark cluster.",
    mixinStandardHelpOptions = true,
    version = "dropblock 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      PrepareCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      DescribeCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  ./submit.sh demo",
      "  ./submit.sh prepare photos.tar --out data/photos",
      "  ./submit.sh train cifar10-resnet20-dropblock --data data/cifar10 \\",
      "      --run runs/first",
      "  ./submit.sh train --help"
    })
public final class Main {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private Main() {}

  /** Runs a command and exits with its status: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    int status = run(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** All commands, as they explain themselves. */
  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  /** Runs a command and returns its status. */
  static int run(String... arguments) {
    CommandLine commands = commandLine();
    Main main = commands.getCommand();
    return commands
        .setParameterExceptionHandler(
            (error, wrong) -> {
              CommandLine commandLine = error.getCommandLine();
              commandLine
                  .getErr()
                  .printf(
                      "%s; see ./submit.sh %s--help%n",
                      error.getMessage(), help(commandLine.getCommandSpec()));
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (error, commandLine, parsed) -> {
              commandLine
                  .getErr()
                  .println(GpuPlugin.refusal().orElseGet(() -> Failure.message(error)));
              if (main.verbose) {
                error.printStackTrace(commandLine.getErr());
              }
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(arguments);
  }

  private static String help(CommandLine.Model.CommandSpec command) {
    return command.parent() == null ? "" : help(command.parent()) + command.name() + " ";
  }
}
