package io.dropblock.spark.cli;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;
import io.dropblock.spark.scaling.Gradient;
import io.dropblock.spark.scaling.Network;
import io.dropblock.spark.scaling.RankPace;
import io.dropblock.spark.scaling.RingThread;
import io.dropblock.spark.scaling.RunLength;
import io.dropblock.spark.scaling.SharedBatch;
import io.dropblock.spark.scaling.SharedMachine;
import io.dropblock.spark.scaling.StepModel;
import io.dropblock.spark.scaling.comparison.MeasuredRun;
import io.dropblock.spark.train.RunFolder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The constants of the model: those of an option, else of a run, else of a recipe or of ResNet-50.
 */
final class ScalingOptions {
  private static final double GIGA = 1e9;

  /** Forward, and back by inputs and by weights. */
  private static final int PASSES = 3;

  /** Of a step's update: 41 ms for ResNet-50, measured. */
  private static final double UPDATE_OF_PARAMETER = 1.6e-9;

  @Parameters(
      paramLabel = "RECIPE",
      arity = "0..1",
      description =
          "Name of a bundled recipe, or path of a .yaml file: its network, slots, batch and"
              + " epochs. Without it ResNet-50, 512 slots of 4 images, 90 epochs.")
  private String recipe;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the recipe. Repeatable.")
  private List<String> overrides = List.of();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Take the times of a rank from the log of this run.")
  private String run;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Micro-batches of a step, which ranks share out.")
  private Integer slots;

  @Option(names = "--local-batch", paramLabel = "N", description = "Images of a micro-batch.")
  private Integer localBatch;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "1281167",
      description = "Images of an epoch; default ${DEFAULT-VALUE}, ImageNet's.")
  private long images;

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs of the run.")
  private Integer epochs;

  @Option(
      names = "--images-per-second",
      paramLabel = "X",
      description = "That a rank trains alone, forward and backward.")
  private Double imagesPerSecond;

  @Option(
      names = "--multiply-adds",
      paramLabel = "G/S",
      defaultValue = "80",
      description =
          "Where nothing tells images a second: billions of multiply-adds that a rank does in a"
              + " second; default ${DEFAULT-VALUE}, two virtual processors.")
  private double multiplyAdds;

  @Option(
      names = "--update",
      paramLabel = "S",
      description = "Seconds of the update in a step; default 1.6 ns a parameter.")
  private Double update;

  @Option(
      names = "--spread",
      paramLabel = "SHARE",
      description =
          "Deviation of a rank's time of a step, as a share of its mean; default that of the run,"
              + " else 0.05.")
  private Double spread;

  @Option(
      names = "--parameters",
      paramLabel = "N",
      description = "Floats that ranks sum in a step; needs --images-per-second or --run.")
  private Long parameters;

  @Option(
      names = "--wire",
      paramLabel = "FORM",
      description = "How they travel: ${COMPLETION-CANDIDATES}; default the recipe's, else EXACT.")
  private WireFormat wire;

  @Option(
      names = "--sum",
      paramLabel = "ORDER",
      defaultValue = "SLOTS",
      description =
          "How they are summed: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. With BFLOAT16"
              + " always RANKS.")
  private SumOrder sum;

  @Option(
      names = "--latency",
      paramLabel = "US",
      defaultValue = "100",
      description =
          "Microseconds from one rank's thread to the next one's; default ${DEFAULT-VALUE}.")
  private double latency;

  @Option(
      names = "--moved",
      paramLabel = "GB/S",
      defaultValue = "2.3",
      description =
          "Billions of bytes a second that a rank's thread receives and sends on; default"
              + " ${DEFAULT-VALUE}.")
  private double moved;

  @Option(
      names = "--added",
      paramLabel = "GB/S",
      defaultValue = "6",
      description = "Billions of bytes a second that it adds to others; default ${DEFAULT-VALUE}.")
  private double added;

  @Option(
      names = "--piece",
      paramLabel = "KIB",
      defaultValue = "64",
      description = "KiB that a rank passes on at a time, up to 1024; default ${DEFAULT-VALUE}.")
  private int piece;

  @Option(
      names = "--one-machine",
      paramLabel = "N",
      description =
          "All ranks, of one thread each, share one machine with so many processors, and no"
              + " network.")
  private Integer oneMachine;

  @Option(
      names = "--slowdown",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "How many times as long a micro-batch takes there beside others; default"
              + " ${DEFAULT-VALUE}.")
  private double slowdown;

  @Option(
      names = "--epoch-seconds",
      paramLabel = "S",
      description =
          "Of each epoch besides its steps: starting the job, the state to the ranks and back;"
              + " default that of the run, else 5.")
  private Double epochSeconds;

  @Option(
      names = "--evaluation",
      paramLabel = "S",
      description =
          "Seconds that one rank takes to evaluate, which ranks share out; default that of the run,"
              + " else those of 50,000 images at 4 times the rate of training.")
  private Double evaluation;

  @Option(
      names = "--checkpoint-stall",
      paramLabel = "S",
      defaultValue = "0.022",
      description =
          "Seconds that ranks wait while a checkpoint is copied; default ${DEFAULT-VALUE}.")
  private double checkpointStall;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private ScalingNetwork network;
  private MeasuredRun measured;

  /**
   * Reads recipe and run. To be called first.
   *
   * @throws io.dropblock.spark.text.ForeseenException if one cannot be read
   */
  void read() {
    if (recipe == null && !overrides.isEmpty()) {
      throw wrong("Cannot use --set without a RECIPE");
    }
    if (parameters != null && imagesPerSecond == null && run == null) {
      throw wrong("Cannot use --parameters alone: say --images-per-second, too, or --run");
    }
    if (oneMachine == null
        && command.commandLine().getParseResult().hasMatchedOption("--slowdown")) {
      throw wrong("Cannot use --slowdown without --one-machine");
    }
    requireRate("--images-per-second", imagesPerSecond == null ? 1 : imagesPerSecond);
    requireRate("--multiply-adds", multiplyAdds);
    network =
        recipe == null
            ? ScalingNetwork.resNet50()
            : ScalingNetwork.of(Recipe.load(recipe, overrides));
    if (run != null) {
      Application application = Application.ofTasks("dropblock scaling");
      measured =
          ScalingRun.of(
              RunFolder.open(application.path("--run", run), application.configuration()));
    }
  }

  private void requireRate(String option, double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw wrong("Cannot use " + option + " " + rate + ": it is not above 0 and finite");
    }
  }

  /** The ranks' machine, in place of a network, if all are on one. */
  Optional<Network> loopback() {
    return oneMachine == null ? Optional.empty() : Optional.of(Network.loopback(latency * 1e-6));
  }

  Network network(double gigabits) {
    return new Network(gigabits, latency * 1e-6);
  }

  int slots() {
    return slots != null ? slots : measured != null ? measured.slots() : network.slots();
  }

  int localBatch() {
    return localBatch != null
        ? localBatch
        : measured != null ? measured.localBatch() : network.localBatch();
  }

  /** Whether an option tells the slots of a step. */
  boolean hasSlots() {
    return slots != null;
  }

  /** Images of a slot, where an option tells them. */
  int localBatchOr(int other) {
    return localBatch != null ? localBatch : other;
  }

  double checkpointStall() {
    return checkpointStall;
  }

  double spread() {
    return spread != null
        ? spread
        : measured != null && !Double.isNaN(measured.spread()) ? measured.spread() : 0.05;
  }

  private double imageSeconds() {
    if (imagesPerSecond != null) {
      return 1 / imagesPerSecond;
    }
    return measured != null
        ? measured.microBatch() / measured.localBatch()
        : PASSES * network.multiplyAdds() / (multiplyAdds * GIGA);
  }

  private Gradient gradient() {
    long floats =
        parameters != null
            ? parameters
            : measured != null && recipe == null ? measured.parameters() : network.parameters();
    return new Gradient(floats, wire != null ? wire : network.wire(), sum);
  }

  private RankPace pace() {
    double updating =
        update != null
            ? update
            : measured != null ? measured.update() : UPDATE_OF_PARAMETER * gradient().parameters();
    return new RankPace(localBatch() * imageSeconds(), updating, spread());
  }

  /** A step of the slots that options, run or recipe tell. */
  StepModel model(Network between) {
    return model(between, new SharedBatch(slots(), localBatch()));
  }

  /** A step between ranks of a network. */
  StepModel model(Network between, SharedBatch batch) {
    RankPace pace = pace();
    return new StepModel(
        new RankPace(batch.localBatch() * imageSeconds(), pace.update(), pace.spread()),
        batch.slots(),
        gradient(),
        new RingThread(moved * GIGA, added * GIGA),
        between,
        piece << 10,
        Optional.ofNullable(oneMachine).map(shared -> new SharedMachine(shared, slowdown)));
  }

  /** The run. */
  RunLength length() {
    return length(new SharedBatch(slots(), localBatch()).images());
  }

  private int epochs() {
    if (epochs != null) {
      return epochs;
    }
    return measured != null && recipe == null ? measured.epochs() : network.epochs();
  }

  /** The run with another global batch. */
  RunLength length(int globalBatch) {
    long given = measured != null && recipe == null ? measured.images() : images;
    return new RunLength(
        given,
        epochs(),
        globalBatch,
        epochSeconds != null ? epochSeconds : measured != null ? measured.epochSeconds() : 5,
        evaluation != null
            ? evaluation
            : measured != null ? measured.evaluation() : 50_000 * imageSeconds() / 4,
        network.evaluateEvery(),
        checkpointStall,
        network.checkpointEvery());
  }

  /** The constants, in two lines. */
  String text(RunLength length) {
    Gradient gradient = gradient();
    RankPace pace = pace();
    return String.format(
        Locale.ROOT,
        "%s: %,d floats to sum, %s; a global batch of %,d; %,d steps an epoch, %d epochs%n"
            + "a rank: %.3g images/s, update %.3g s, spread %.3g; its ring thread moves %s GB/s and"
            + " adds %s GB/s; latency %s us%n",
        recipe != null || measured == null && parameters == null ? network.title() : "a network",
        gradient.parameters(),
        gradient.wire() == WireFormat.BFLOAT16
            ? "mean on the ring in bfloat16"
            : sum == SumOrder.SLOTS ? "slot by slot" : "mean on the ring",
        length.globalBatch(),
        length.stepsPerEpoch(),
        length.epochs(),
        localBatch() / pace.microBatch(),
        pace.update(),
        pace.spread(),
        moved,
        added,
        latency);
  }

  /** What is thrown for an option that cannot be. */
  ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
