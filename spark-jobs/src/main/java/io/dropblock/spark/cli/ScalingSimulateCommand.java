package io.dropblock.spark.cli;

import io.dropblock.spark.report.LostTimeTable;
import io.dropblock.spark.scaling.Network;
import io.dropblock.spark.scaling.RunLength;
import io.dropblock.spark.scaling.StepModel;
import io.dropblock.spark.scaling.simulation.CheckpointPlan;
import io.dropblock.spark.scaling.simulation.FailurePlan;
import io.dropblock.spark.scaling.simulation.IntervalSweep;
import io.dropblock.spark.scaling.simulation.PlannedWork;
import io.dropblock.spark.scaling.simulation.SweptInterval;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What stragglers, failures and checkpoints cost. */
@Command(
    name = "simulate",
    description =
        "Simulates trainings in which ranks are unequally fast and hosts fail, with several numbers"
            + " of steps between two checkpoints: what time is lost by, and which number is best."
            + " A table, and a figure.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "What a run is told: --least is spark.dropblock.elastic.min, --noticed is",
      "spark.dropblock.ring.silence, --every is train.checkpoint_every.",
      "",
      "Examples:",
      "  ./submit.sh scaling simulate",
      "  ./submit.sh scaling simulate --host-days 10 --spares 8 --slots 1024 \\",
      "      --local-batch 2 --every 25,100,250"
    })
final class ScalingSimulateCommand implements Callable<Integer> {
  private static final double DAY = 86_400;
  private static final double MINUTE = 60;

  /** As spark.dropblock.recovery.attempts. */
  private static final int ATTEMPTS = 4;

  /** Half of spark.dropblock.ring.silence, in seconds. */
  private static final double PATIENCE = 60;

  @Mixin private ScalingOptions options;

  @Option(
      names = "--ranks",
      paramLabel = "N",
      defaultValue = "512",
      description = "Hosts, each with a rank; default ${DEFAULT-VALUE}.")
  private int ranks;

  @Option(
      names = "--network",
      paramLabel = "GBIT/S",
      defaultValue = "25",
      description = "Gbit/s of a rank each way; default ${DEFAULT-VALUE}.")
  private double gigabits;

  @Option(
      names = "--least",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "With how many ranks the run goes on; default ${DEFAULT-VALUE}. As many as --ranks: it"
              + " waits for the host.")
  private int least;

  @Option(
      names = "--spares",
      paramLabel = "N",
      defaultValue = "0",
      description = "Hosts that wait to take another one's place; default ${DEFAULT-VALUE}.")
  private int spares;

  @Option(
      names = "--host-days",
      paramLabel = "DAYS",
      defaultValue = "264",
      description =
          "Mean days of a host between two failures; default ${DEFAULT-VALUE}. Infinity for none.")
  private double hostDays;

  @Option(
      names = "--noticed",
      paramLabel = "S",
      defaultValue = "120",
      description =
          "Seconds until a failure is noticed; default ${DEFAULT-VALUE}, of a host that goes silent."
              + " Of a process that ends 0.")
  private double noticed;

  @Option(
      names = "--restart",
      paramLabel = "S",
      defaultValue = "30",
      description =
          "Seconds until steps go on behind it, the wait for other hosts included; default"
              + " ${DEFAULT-VALUE}.")
  private double restart;

  @Option(
      names = "--repair",
      paramLabel = "MIN",
      defaultValue = "30",
      description =
          "Minutes until the host, or another one for it, is back; default ${DEFAULT-VALUE}.")
  private double repair;

  @Option(
      names = "--settle",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "Seconds that it must be there before an epoch takes it in; default ${DEFAULT-VALUE}.")
  private double settle;

  @Option(
      names = "--checkpoint-write",
      paramLabel = "S",
      defaultValue = "2",
      description =
          "Seconds that writing a checkpoint takes, beside the steps; default ${DEFAULT-VALUE}.")
  private double write;

  @Option(
      names = "--every",
      paramLabel = "STEPS",
      split = ",",
      description = "Steps between two checkpoints; default some from 5 to an epoch.")
  private List<Integer> every;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "40",
      description = "Runs simulated for each of them; default ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "Of the first run; default ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private FigureFolder figures;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    options.read();
    figures.check(Application.ofTasks("dropblock scaling"));
    IntervalSweep sweep;
    List<Integer> steps;
    try {
      new Ranges(command).require("--seeds", seeds, 1, 100_000);
      sweep = sweep();
      steps = every == null ? usual(sweep.work().stepsPerEpoch()) : every;
      steps.forEach(number -> sweep.checkpoints().every(number));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw options.wrong(e.getMessage());
    }
    System.out.print(options.text(options.length()));
    List<SweptInterval> swept =
        sweep.over(
            steps.stream().sorted().distinct().toList(),
            done ->
                System.err.printf(
                    Locale.ROOT, "simulated %d of %d intervals%n", done, steps.size()));
    LostTimeTable table = new LostTimeTable(sweep, swept);
    System.out.printf(Locale.ROOT, "%n%s", table.text());
    figures.write("lost-time.svg", table.chart().svg());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(table.chart().image(), "png", bytes);
    figures.write("lost-time.png", bytes.toByteArray());
    figures.write("lost-time.csv", table.csv());
    return 0;
  }

  private IntervalSweep sweep() {
    Network between = options.loopback().orElseGet(() -> options.network(gigabits));
    StepModel model = options.model(between);
    RunLength length = options.length();
    // refused here by name, not within the first run
    model.step(ranks);
    return new IntervalSweep(
        new PlannedWork(
            length.epochs(),
            length.stepsPerEpoch(),
            length.besides(ranks),
            model::step,
            options.spread()),
        new FailurePlan(
            ranks,
            least,
            spares,
            hostDays * DAY,
            noticed,
            restart,
            repair * MINUTE,
            settle,
            ATTEMPTS),
        new CheckpointPlan(
            Math.max(1, length.checkpointEvery()), options.checkpointStall(), write, PATIENCE),
        seed,
        seeds);
  }

  private static List<Integer> usual(int stepsPerEpoch) {
    return Stream.concat(
            Stream.of(5, 10, 25, 50, 100, 150, 250, 400, 600, 1000, 2500)
                .filter(steps -> steps < stepsPerEpoch),
            Stream.of(stepsPerEpoch))
        .toList();
  }
}
