package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.gpu.GpuPlugin;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The entry point of the jar. */
@Command(
    name = "dropblock",
    description = "Trains convolutional networks with DropBlock on a Spark cluster.",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      PrepareCommand.class,
      CheckCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      DescribeCommand.class,
      ReportCommand.class,
      ExportCommand.class,
      AnalyzeCommand.class,
      ExperimentCommand.class,
      ScalingCommand.class
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
  static final String VERSION = "dropblock 0.1.0-SNAPSHOT";

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private Main() {}

  /**
   * Runs a command and exits with its status: 0 done, 1 failed, 2 wrong usage; 130 or 143 where
   * SIGINT or SIGTERM ended it.
   */
  public static void main(String[] arguments) {
    int status = run(arguments);
    // Where ranks are threads of this process a timer of Spark's barriers keeps it alive. On YARN,
    // in
    // cluster mode, to exit with 0 would count as a failure.
    boolean ranksWereHere = System.getProperty("spark.master", "").matches("local(\\[[^\\]]*])?");
    if (status != 0 || ranksWereHere) {
      System.exit(status);
    }
  }

  /** All commands, as they explain themselves. */
  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Main());
    ServiceLoader.load(AddedCommand.class).forEach(commands::addSubcommand);
    // Last, as it lists and explains the others
    return commands.addSubcommand(new HelpCommand());
  }

  /** Runs a command and returns its status. */
  static int run(String... arguments) {
    for (String argument : arguments) {
      // What Java decodes bytes to that are no text in the charset of its environment
      if (argument.indexOf('\uFFFD') >= 0) {
        System.err.printf(
            Locale.ROOT,
            "Cannot read argument '%s': it is no text in the charset %s; set LC_ALL=C.UTF-8%n",
            argument,
            System.getProperty("sun.jnu.encoding"));
        return CommandLine.ExitCode.USAGE;
      }
    }
    CommandLine commands = commandLine();
    Main main = commands.getCommand();
    return commands
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler(
            (error, wrong) -> {
              CommandLine commandLine = error.getCommandLine();
              commandLine
                  .getErr()
                  .printf(
                      Locale.ROOT,
                      "%s; see ./submit.sh %s--help%n",
                      error.getMessage().replaceFirst("\\.$", ""),
                      help(commandLine.getCommandSpec()));
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (error, commandLine, parsed) -> {
              if (StopSignal.received()) {
                // told already; the status is the signal's
                return CommandLine.ExitCode.SOFTWARE;
              }
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

  /** Runs the command; picocli tells of exceptions only, and a full disk or heap is an error. */
  static int execute(ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
    }
  }

  private static String help(CommandLine.Model.CommandSpec command) {
    return command.parent() == null ? "" : help(command.parent()) + command.name() + " ";
  }
}
