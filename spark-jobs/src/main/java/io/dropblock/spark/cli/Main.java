package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.gpu.GpuPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.Consumer;
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
      TuneCommand.class,
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
   *
   * @throws FailedCommand in its place, where a driver in YARN's cluster failed
   */
  public static void main(String[] arguments) {
    List<String> told = new ArrayList<>();
    int status = run(told::add, arguments);
    String master = System.getProperty("spark.master", "");
    // On YARN, in cluster mode, to exit would count as a failure, and as one that nobody explained.
    if (master.equals("yarn")
        && System.getProperty("spark.submit.deployMode", "").equals("cluster")) {
      if (status != 0) {
        throw new FailedCommand(String.join("\n", told), status);
      }
      return;
    }
    // Where ranks are threads of this process a timer of Spark's barriers keeps it alive.
    boolean ranksWereHere = master.matches("local(\\[[^\\]]*])?");
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
    return run(line -> {}, arguments);
  }

  /**
   * The same.
   *
   * @param told what people are told of a failure, as it is printed
   */
  private static int run(Consumer<String> told, String... arguments) {
    for (String argument : arguments) {
      // What Java decodes bytes to that are no text in the charset of its environment
      if (argument.indexOf('\uFFFD') >= 0) {
        String unread =
            String.format(
                Locale.ROOT,
                "Cannot read argument '%s': it is no text in the charset %s; set LC_ALL=C.UTF-8",
                argument,
                System.getProperty("sun.jnu.encoding"));
        System.err.println(unread);
        told.accept(unread);
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
              String message =
                  String.format(
                      Locale.ROOT,
                      "%s; see ./submit.sh %s--help",
                      error.getMessage().replaceFirst("\\.$", ""),
                      help(commandLine.getCommandSpec()));
              commandLine.getErr().println(message);
              told.accept(message);
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (error, commandLine, parsed) -> {
              if (StopSignal.received()) {
                // told already; the status is the signal's
                return CommandLine.ExitCode.SOFTWARE;
              }
              String message = GpuPlugin.refusal().orElseGet(() -> Failure.message(error));
              commandLine.getErr().println(message);
              told.accept(message);
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
