package io.dropblock.spark.cli;

import io.dropblock.spark.report.ComparedTable;
import io.dropblock.spark.scaling.comparison.Calibration;
import io.dropblock.spark.scaling.comparison.Compared;
import io.dropblock.spark.scaling.comparison.Comparison;
import io.dropblock.spark.scaling.comparison.MeasuredRounds;
import io.dropblock.spark.scaling.comparison.MeasuredRun;
import io.dropblock.spark.train.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The model beside what was measured on one machine. */
@Command(
    name = "compare",
    description =
        "Takes constants from what 1 and 2 ranks took on one machine, and prints what it predicts"
            + " for more of them beside what was measured.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "docs/trials/scaling.sh measures all of it.",
      "",
      "Example:",
      "  ./submit.sh scaling compare --processors 2 --rounds two.json,three.json \\",
      "      --run runs/one,runs/two,runs/three"
    })
final class ScalingCompareCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      paramLabel = "FILE",
      split = ",",
      required = true,
      description = "What bench averaging --json wrote, of 2 ranks and of others.")
  private List<String> rounds;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      split = ",",
      description = "Runs with one thread a rank, of 1 rank, of 2 and of others.")
  private List<String> runs = List.of();

  @Option(
      names = "--processors",
      paramLabel = "N",
      required = true,
      description = "Of the machine, 2 or more.")
  private int processors;

  @Option(
      names = "--piece",
      paramLabel = "KIB",
      defaultValue = "64",
      description = "KiB that a rank passes on at a time; default ${DEFAULT-VALUE}.")
  private int piece;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Application application = Application.ofTasks("dropblock scaling");
    List<MeasuredRounds> measured =
        rounds.stream()
            .map(
                file ->
                    ScalingRounds.of(
                        application.path("--rounds", file), application.configuration()))
            .toList();
    List<MeasuredRun> trained =
        runs.stream()
            .map(
                run ->
                    ScalingRun.of(
                        RunFolder.open(
                            application.path("--run", run), application.configuration())))
            .toList();
    try {
      Comparison comparison = new Comparison(processors, piece << 10);
      Calibration constants = comparison.constants(measured);
      System.out.printf(
          Locale.ROOT,
          "constants: a ring thread moves %.3g GB/s and adds %.3g GB/s, latency %.3g us%n",
          constants.thread().moved() / 1e9,
          constants.thread().added() / 1e9,
          constants.latency() * 1e6);
      for (MeasuredRun run : trained) {
        if (run.world() == 1) {
          System.out.printf(
              Locale.ROOT,
              "%s: a micro-batch of %d images takes %.4g s, the update %.3g s, spread %.3g%n",
              run.name(),
              run.localBatch(),
              run.microBatch(),
              run.update(),
              run.spread());
        }
      }
      List<Compared> compared = new ArrayList<>(comparison.rounds(measured));
      compared.addAll(comparison.steps(trained, constants));
      System.out.printf(Locale.ROOT, "%n%s", new ComparedTable(compared));
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage());
    }
  }
}
