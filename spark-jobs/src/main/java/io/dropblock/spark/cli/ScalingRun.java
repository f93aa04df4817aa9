package io.dropblock.spark.cli;

import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.scaling.comparison.MeasuredRun;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a run's log says of its times. Its first epoch, in which programs warm up, does not count
 * where there is another.
 */
final class ScalingRun {
  /** Fewer parts of an epoch tell nothing of a deviation. */
  private static final int LEAST_SLICES = 10;

  private final ReportedRun run;
  private final RunEvent.Started started;
  private final List<RunEvent.Epoch> epochs;

  private ScalingRun(ReportedRun run) {
    this.run = run;
    List<RunEvent.Started> starts = all(RunEvent.Started.class);
    this.started = starts.get(starts.size() - 1);
    List<RunEvent.Epoch> told =
        all(RunEvent.Epoch.class).stream()
            .filter(epoch -> !epoch.ranks().isEmpty() && epoch.ranks().get(0).steps() > 0)
            .toList();
    this.epochs = told.size() > 1 ? told.subList(1, told.size()) : told;
  }

  /**
   * Reads a run.
   *
   * @throws TrainingException if it cannot be read, or tells too little
   */
  static MeasuredRun of(RunFolder folder) {
    ScalingRun read = new ScalingRun(ReportedRun.of(folder));
    read.require(folder);
    return read.measured();
  }

  private void require(RunFolder folder) {
    String what = "Cannot take times from run " + folder.path() + ": ";
    if (epochs.isEmpty()) {
      throw new TrainingException(what + "no epoch of it is done that tells its ranks' times");
    }
    if (started.slots() == 0) {
      throw new TrainingException(what + "an older version wrote it, without its slots");
    }
    if (epochs.stream().anyMatch(epoch -> epoch.ranks().size() != started.world())) {
      throw new TrainingException(what + "its number of ranks changed");
    }
  }

  private <E extends RunEvent> List<E> all(Class<E> kind) {
    return run.events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private MeasuredRun measured() {
    double step = aStep(rank -> sum(rank, rank.seconds().keySet().toArray(String[]::new)));
    double compute = aStep(rank -> sum(rank, "data", "forward", "backward"));
    return new MeasuredRun(
        started.recipe(),
        started.world(),
        started.slots(),
        started.globalBatch() / started.slots(),
        started.parameters(),
        started.images(),
        started.epochs(),
        step,
        compute * started.world() / started.slots(),
        aStep(rank -> sum(rank, "update")),
        aStep(rank -> sum(rank, "average", "wait")),
        spread(),
        mean(
            epoch ->
                Math.max(
                    0,
                    epoch.seconds()
                        - epoch.spent().getOrDefault("evaluation", 0.)
                        - step * epoch.ranks().get(0).steps())),
        epochs.stream()
                .filter(epoch -> epoch.scores() != null)
                .mapToDouble(epoch -> epoch.spent().getOrDefault("evaluation", 0.))
                .average()
                .orElse(0)
            * started.world());
  }

  /** Seconds of a step, the mean of ranks and epochs. */
  private double aStep(ToDoubleFunction<RunEvent.RankTimes> seconds) {
    return mean(
        epoch ->
            epoch.ranks().stream()
                .mapToDouble(rank -> seconds.applyAsDouble(rank) / rank.steps())
                .average()
                .orElseThrow());
  }

  private double mean(ToDoubleFunction<RunEvent.Epoch> value) {
    return epochs.stream().mapToDouble(value).average().orElseThrow();
  }

  private static double sum(RunEvent.RankTimes rank, String... parts) {
    double sum = 0;
    for (String part : parts) {
      sum += rank.seconds().getOrDefault(part, 0.);
    }
    return sum;
  }

  /**
   * Of a step of one rank, from the means of slices of several: as steps are independent, a mean of
   * n varies by 1 / n of their variance. Of more ranks it would be the slowest one's.
   */
  private double spread() {
    List<RunEvent.Steps> slices = slices();
    if (started.world() > 1 || slices.size() < LEAST_SLICES) {
      return Double.NaN;
    }
    double steps = slices.stream().mapToDouble(RunEvent.Steps::steps).sum();
    double mean =
        slices.stream().mapToDouble(slice -> slice.steps() * seconds(slice)).sum() / steps;
    double squares =
        slices.stream()
            .mapToDouble(slice -> slice.steps() * Math.pow(seconds(slice) - mean, 2))
            .sum();
    return Math.sqrt(squares / (slices.size() - 1)) / mean;
  }

  /** Those of the epochs that count, but the first of each, which has its begin in it. */
  private List<RunEvent.Steps> slices() {
    List<RunEvent.Steps> slices = new ArrayList<>();
    int epoch = -1;
    for (RunEvent.Steps slice : all(RunEvent.Steps.class)) {
      if (slice.epoch() == epoch && slice.epoch() >= epochs.get(0).epoch() && slice.steps() > 0) {
        slices.add(slice);
      }
      epoch = slice.epoch();
    }
    return slices;
  }

  private double seconds(RunEvent.Steps slice) {
    return started.globalBatch() / slice.imagesPerSecond();
  }
}
