package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.report.TimeLeft;
import io.dropblock.spark.tune.Search;
import io.dropblock.spark.tune.Setting;
import io.dropblock.spark.tune.ShapeSettings;
import io.dropblock.spark.tune.Trial;
import io.dropblock.spark.tune.TrialFile;
import io.dropblock.spark.tune.TrialTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;

/** The trials of a search, one behind the other, each in a Spark application of its own. */
final class TuneTrials {
  /** For an application to start and its executors to come; then they are known. */
  private static final double START_SECONDS = 15;

  private static final String INTERVAL = "spark.dropblock.progress.interval";
  private static final Duration SLOWEST = Duration.ofSeconds(1);
  private static final int SLICES = 30;

  private final Application application;
  private final TunedRecipe recipe;
  private final Path data;
  private final Duration length;
  private final Optional<Path> out;
  private final Search search;
  private final List<Trial> trials = new ArrayList<>();

  /**
   * @param application with the present settings
   * @param length how long the steps of each are counted
   * @param out where they are kept, after each of them
   */
  TuneTrials(
      Application application,
      TunedRecipe recipe,
      Path data,
      Duration length,
      Optional<Path> out,
      Search search) {
    this.application = application;
    this.recipe = recipe;
    this.data = data;
    this.length = length;
    this.out = out;
    this.search = search;
  }

  /** A quarter of what is counted. */
  private Duration warmUp() {
    return length.dividedBy(4);
  }

  /** Says what will be done, and for how long. */
  void printPlan() {
    Search.State state = search.after(List.of());
    System.out.printf(
        Locale.ROOT,
        "Present:    %s (%d images a step)%n",
        search.start().words(),
        search.start().globalBatch());
    System.out.printf(
        Locale.ROOT,
        "Plan:       about %d trials of %d s and %d s of warm-up, the present settings twice: %s%n",
        state.left(),
        length.toSeconds(),
        warmUp().toSeconds(),
        timeLeft(state.left()));
  }

  private String timeLeft(int left) {
    double each =
        trials.stream()
            .mapToDouble(Trial::seconds)
            .average()
            .orElse(START_SECONDS + warmUp().toSeconds() + length.toSeconds());
    return TimeLeft.text(Duration.ofMillis((long) (1000 * left * each)));
  }

  /** Makes all of them. */
  List<Trial> run() {
    for (Search.State state = search.after(trials);
        state.next().isPresent() && !StopSignal.received();
        state = search.after(trials)) {
      Setting setting = state.next().get();
      System.out.printf(
          Locale.ROOT,
          "Trial %d of about %d, %s: %s%n",
          trials.size() + 1,
          trials.size() + state.left(),
          timeLeft(state.left()),
          setting.words());
      Trial trial = trial(setting);
      if (StopSignal.received()) {
        break;
      }
      synchronized (trials) {
        trials.add(trial);
      }
      System.out.println("  " + TrialTable.line(trial));
      out.ifPresent(file -> TrialFile.write(file, application.configuration(), trials, search));
    }
    return trials;
  }

  private Trial trial(Setting setting) {
    long begin = System.nanoTime();
    try (Session session = Session.start(settings(setting), this::stopped)) {
      TaskSlots slots = TaskSlots.all(session.spark());
      int taskSlots = setting.shape().taskSlots();
      TunedCluster.await(slots, OptionalInt.of(taskSlots));
      return Trial.of(
          setting,
          new TuneTrial(recipe.with(setting), data, warmUp(), length)
              .run(session.spark(), search.bounds().ranks(setting), taskSlots),
          seconds(begin));
    } catch (Exception e) {
      return Trial.failed(setting, Failure.message(e), seconds(begin));
    }
  }

  /** Steps are told of often enough to see how they scatter. */
  private SparkConf settings(Setting setting) {
    Duration often = length.dividedBy(SLICES);
    return quiet(
        new ShapeSettings(application.settings())
            .of(setting.shape(), search.bounds().memory(setting.shape()))
            .set(INTERVAL, Math.min(SLOWEST.toMillis(), Math.max(1, often.toMillis())) + "ms"));
  }

  /** Without pages that nobody would find, as they are gone in a minute. */
  static SparkConf quiet(SparkConf settings) {
    return settings.set("spark.ui.enabled", "false");
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** What is said where the command is told to end. */
  String stopped() {
    synchronized (trials) {
      return trials.isEmpty()
          ? "Stopped before the first trial ended"
          : String.format(
              Locale.ROOT,
              "Stopped behind %d trials:%n%s",
              trials.size(),
              TrialTable.of(trials, search));
    }
  }
}
