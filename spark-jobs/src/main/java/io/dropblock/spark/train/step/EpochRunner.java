package io.dropblock.spark.train.step;

import io.dropblock.nn.phase.Phase;
import io.dropblock.spark.allreduce.RingTrainingMaster;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.EpochSums;
import io.dropblock.spark.train.progress.RankSums;
import io.dropblock.spark.train.progress.ReportInbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/**
 * Trains one epoch after the other on the cluster.
 *
 * <p>One partition a rank. The ring master gets the whole epoch. The stock one splits its input at
 * random, so that steps would come out of order; it is therefore given one round at a time, the
 * steps between two averagings.
 */
public final class EpochRunner {
  private static final List<Phase> PHASES =
      List.of(
          Phase.DATA,
          Phase.FORWARD,
          Phase.BACKWARD,
          Phase.AVERAGE,
          Phase.WAIT,
          Phase.UPDATE,
          Phase.CHECKPOINT);

  private final JavaSparkContext spark;
  private final SparkComputationGraph graph;
  private final TrainingMaster<?, ?> master;
  private final Averaging averaging;
  private final Broadcast<RankFeed> feed;
  private final Consumer<RunEvent> events;
  private final EpochSums sums = new EpochSums();
  private final LastGradients gradients = new LastGradients();
  private final WatchedLayers layers;
  private final BooleanSupplier stop;

  /** Of the epoch before; NaN before the first. */
  private double lossBefore = Double.NaN;

  /**
   * @param stop whether ranks are to end behind the step that they are at; asked from time to time
   */
  public EpochRunner(
      JavaSparkContext spark,
      SparkComputationGraph graph,
      Averaging averaging,
      Broadcast<RankFeed> feed,
      WatchedLayers layers,
      Consumer<RunEvent> events,
      BooleanSupplier stop) {
    this.spark = spark;
    this.graph = graph;
    this.master = graph.getTrainingMaster();
    this.averaging = averaging;
    this.feed = feed;
    this.layers = layers;
    this.events = events;
    this.stop = stop;
    spark.sc().register(sums);
    spark.sc().register(gradients);
  }

  /**
   * What came out of an epoch, of the steps that were trained here.
   *
   * @param stepsDone of the epoch, those before included; fewer than it has where ranks were told
   *     to stop
   * @param loss mean over all micro-batches; so are the next two
   * @param seconds of all of them
   * @param ranks where the time went
   * @param sites what was kept
   * @param layers the watched ones
   */
  public record Result(
      int stepsDone,
      double loss,
      double keptFraction,
      double imagesPerSecond,
      double seconds,
      List<RunEvent.RankTimes> ranks,
      List<RunEvent.SiteShare> sites,
      LayerHistograms layers) {}

  /**
   * Trains one epoch, or the rest of one, or less where ranks are told to stop; the graph then
   * holds the averaged parameters.
   *
   * @param plan the epoch
   * @param epochs number of epochs of the run, for the Spark UI
   * @param begin steps of the epoch that are done; a multiple of those between two averagings
   * @param within what is to be done behind steps
   */
  public Result run(EpochPlan plan, int epochs, int begin, List<StepHook> within) {
    long since = System.nanoTime();
    int done = begin;
    sums.reset();
    gradients.reset();
    Optional<ReportInbox> inbox = ReportInbox.open();
    inbox.ifPresent(it -> it.stopWhen(stop));
    Broadcast<EpochPlan> broadcast = spark.broadcast(plan);
    List<TrainingHook> hooks = hooks(broadcast, inbox, within);
    hooks.forEach(master::addHook);
    Optional<StepProgress> progress =
        inbox.map(it -> new StepProgress(it, new ReportedSteps(plan, feed.value(), begin), events));
    try {
      int atATime = averaging.stepsAtATime(plan.steps());
      while (done < plan.steps() && !ReportInbox.isStopping()) {
        int first = done;
        int next = Math.min(first + atATime, plan.steps());
        done =
            label(plan, epochs, first, next)
                .during(spark, () -> round(plan, broadcast, first, next));
        if (done < next) {
          break;
        }
        if (!byRanks()) {
          long stepsDone = plan.firstStep() + next;
          AverageHook.update(plan, stepsDone - 1, graph.getNetwork());
          within.forEach(hook -> hook.after(stepsDone, graph.getNetwork()).ifPresent(events));
        }
      }
      progress.ifPresent(StepProgress::end);
    } finally {
      progress.ifPresent(StepProgress::close);
      hooks.forEach(master::removeHook);
      broadcast.destroy();
    }
    double images = (double) (done - begin) * feed.value().globalBatch();
    double seconds = (System.nanoTime() - since) / 1e9;
    lossBefore = sums.meanLoss();
    return new Result(
        done,
        sums.meanLoss(),
        sums.meanKeptFraction(),
        images / seconds,
        seconds,
        sums.value().stream().map(EpochRunner::times).toList(),
        sums.meanOfSites().entrySet().stream()
            .map(
                it ->
                    new RunEvent.SiteShare(
                        it.getKey(), it.getValue().expected(), it.getValue().kept()))
            .toList(),
        new LayerHistograms(layers.parameters(graph.getNetwork()), gradients.value()));
  }

  private static RunEvent.RankTimes times(RankSums sums) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (Phase phase : PHASES) {
      seconds.put(phase.label(), sums.times().seconds(phase));
    }
    return new RunEvent.RankTimes(
        sums.rank(),
        sums.host(),
        sums.executor(),
        sums.steps(),
        seconds,
        sums.starved(),
        sums.memory(),
        sums.dropped());
  }

  private boolean byRanks() {
    return averaging.way() == Averaging.Way.RING;
  }

  /** A step that is not finite is neither kept nor reported; one that is reported is kept. */
  private List<TrainingHook> hooks(
      Broadcast<EpochPlan> plan, Optional<ReportInbox> inbox, List<StepHook> within) {
    List<TrainingHook> hooks = new ArrayList<>(List.of(new FiniteHook(), new PlanHook(plan)));
    if (byRanks()) {
      hooks.add(0, new AverageHook(plan));
      hooks.add(new GradientHook(plan, layers, gradients));
      hooks.add(new FirstRankHook(within, inbox.map(ReportInbox::job)));
    }
    hooks.add(new ReportHook(sums, inbox.map(ReportInbox::job)));
    if (byRanks()) {
      inbox.map(ReportInbox::job).map(StopHook::new).ifPresent(hooks::add);
    }
    return hooks;
  }

  /** What is known before its first step. */
  private JobLabel label(EpochPlan plan, int epochs, int first, int next) {
    String description =
        String.format(
            Locale.ROOT,
            "epoch %d of %d · steps %d to %d · keep_prob %.3f%s",
            plan.epoch() + 1,
            epochs,
            first + 1,
            next,
            plan.keepProbability(plan.firstStep() + next - 1),
            Double.isNaN(lossBefore)
                ? ""
                : String.format(Locale.ROOT, " · loss %.3f in the epoch before", lossBefore));
    return new JobLabel("training", "train epoch " + (plan.epoch() + 1), description);
  }

  /**
   * Trains the steps of the epoch from {@code first} up to {@code next}, or fewer where ranks are
   * told to stop.
   *
   * @return the step behind the last
   */
  private int round(EpochPlan plan, Broadcast<EpochPlan> broadcast, int first, int next) {
    ComputationGraphConfiguration counters = graph.getNetwork().getConfiguration();
    counters.setIterationCount(Math.toIntExact(plan.firstStep() + first));
    int done = next;
    if (master instanceof RingTrainingMaster ring) {
      graph.fitMultiDataSet(StoredEpochs.batches(spark, feed, plan.key(), first, next));
      if (ring.stopped()) {
        counters = graph.getNetwork().getConfiguration();
        done = Math.toIntExact(counters.getIterationCount() - plan.firstStep());
      }
    } else {
      int world = feed.value().world();
      graph.fitPaths(
          spark.parallelize(RoundLoader.names(world, first, next), world),
          new RoundLoader(broadcast, feed, next));
    }
    counters = graph.getNetwork().getConfiguration();
    counters.setIterationCount(Math.toIntExact(plan.firstStep() + done));
    counters.setEpochCount(plan.epoch());
    return done;
  }
}
