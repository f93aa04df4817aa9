package io.dropblock.spark.train;

import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.nn.average.MovingAverage;
import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.NotFiniteException;
import io.dropblock.spark.train.step.EpochPlan;
import io.dropblock.spark.train.step.EpochRunner;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.StepHook;
import io.dropblock.spark.train.step.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** One epoch after the other: plan, train on the cluster, call the hooks, tell. */
final class Epochs {
  private final JavaSparkContext spark;
  private final Trainer.Settings settings;
  private final List<EpochHook> hooks;
  private final RankFeed feed;
  private final Consumer<RunEvent> events;

  /**
   * @param hooks called in their order at the end of each epoch
   * @param events told of everything that happens, one thing at a time
   */
  Epochs(
      JavaSparkContext spark,
      Trainer.Settings settings,
      List<EpochHook> hooks,
      RankFeed feed,
      Consumer<RunEvent> events) {
    this.spark = spark;
    this.settings = settings;
    this.hooks = hooks;
    this.feed = feed;
    this.events = events;
  }

  /** Trains from some state to the end of the run. */
  void run(Start start, Broadcast<RankFeed> broadcast) throws IOException {
    try {
      train(start, broadcast);
    } catch (Exception | Error e) {
      endAfter(e);
      throw e;
    }
    end();
  }

  private void end() throws IOException {
    for (EpochHook hook : hooks) {
      hook.end(events);
    }
  }

  /** What fails at the end may be what the run ends by: it was first. */
  private void endAfter(Throwable failure) throws IOException {
    try {
      end();
    } catch (IOException | RuntimeException e) {
      if (e != failure) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private void train(Start start, Broadcast<RankFeed> broadcast) throws IOException {
    SparkComputationGraph graph =
        new SparkComputationGraph(
            spark,
            OldNetwork.replaced(start, settings.plan()).restore(),
            settings.averaging().master(feed.world(), feed.slots().localBatch()));
    EpochRunner runner =
        new EpochRunner(spark, graph, settings.averaging(), broadcast, settings.layers(), events);
    int begin = start.stepsWithinEpoch();
    Best best = start.best();
    for (int epoch = start.epochs(); epoch < settings.plan().epochs(); epoch++) {
      best = epoch(runner, graph.getNetwork(), epoch, begin, best);
      begin = 0;
    }
  }

  private Best epoch(
      EpochRunner runner, ComputationGraph network, int epoch, int begin, Best before)
      throws IOException {
    long since = System.nanoTime();
    EpochPlan plan = settings.plan().epoch(epoch);
    List<StepHook> within = new ArrayList<>();
    for (EpochHook hook : hooks) {
      hook.within(plan, before).ifPresent(within::add);
    }
    EpochRunner.Result result = runner.run(plan, settings.plan().epochs(), begin, within);
    // the driver's own: dl4j-spark's master averages here
    NotFinite.in(network)
        .ifPresent(
            what -> {
              throw NotFiniteException.after(what, plan.lastStep() + 1);
            });
    EpochEnd end = new EpochEnd(plan, NetworkState.of(network), before, result.layers());
    Map<String, Double> spent = new LinkedHashMap<>(Map.of("steps", result.seconds()));
    for (EpochHook hook : hooks) {
      long called = System.nanoTime();
      end = hook.after(end, events);
      spent.merge(hook.work(), (System.nanoTime() - called) / 1e9, Double::sum);
    }
    events.accept(
        new RunEvent.Epoch(
            epoch,
            result.loss(),
            result.imagesPerSecond(),
            (System.nanoTime() - since) / 1e9,
            plan.keepProbability(plan.lastStep()),
            result.keptFraction(),
            plan.learningRate(plan.lastStep()),
            end.scores(),
            end.best() == null ? null : end.best().value(),
            spent,
            result.ranks(),
            result.sites()));
    return end.best();
  }

  /**
   * Where training starts.
   *
   * @param network and its updater
   * @param epochs that are done
   * @param stepsWithinEpoch that are done in the next one
   * @param best so far, null before the first evaluation
   */
  record Start(NetworkState network, int epochs, int stepsWithinEpoch, Best best) {

    /** Of a new run, whose moving average, if the plan has one, begins as the weights. */
    static Start of(ComputationGraph network, TrainingPlan plan) {
      if (plan.average().isPresent()) {
        MovingAverage.of(network);
      }
      return of(NetworkState.of(network));
    }

    static Start of(NetworkState network) {
      return new Start(network, 0, 0, null);
    }

    static Start of(Checkpoint checkpoint) {
      Checkpoint.Manifest manifest = checkpoint.manifest();
      return new Start(
          checkpoint.network(), manifest.epochs(), manifest.stepsWithinEpoch(), manifest.best());
    }

    /** Steps that are done in the run. */
    long step(int stepsPerEpoch) {
      return (long) epochs * stepsPerEpoch + stepsWithinEpoch;
    }
  }
}
