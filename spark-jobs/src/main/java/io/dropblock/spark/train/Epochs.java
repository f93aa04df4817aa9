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
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/**
 * One epoch after the other: plan, train on the cluster, call the hooks, tell. Where a hook has
 * task slots of its own, hooks and event of an epoch come beside the steps of the next one; those
 * of the last epoch, or of the one before a failure, are waited for.
 */
final class Epochs {
  private static final String WAIT = "wait";

  private final JavaSparkContext spark;
  private final Trainer.Settings settings;
  private final List<EpochHook> hooks;
  private final RankFeed feed;
  private final Consumer<RunEvent> events;
  private final EpochChain chain;
  private final BesideTraining<Best> beside = new BesideTraining<>();

  /** So far, without an epoch that is open. */
  private Best best;

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
    this.chain = new EpochChain(hooks, events);
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

  /** What was begun is waited for, whatever it came to. */
  private void end() throws IOException {
    try {
      closeOpenEpoch();
    } catch (Exception | Error e) {
      endHooksAfter(e);
      throw e;
    }
    endHooks();
  }

  private void endHooksAfter(Throwable failure) {
    try {
      endHooks();
    } catch (Exception | Error e) {
      suppress(e, failure);
    }
  }

  private void endHooks() throws IOException {
    for (EpochHook hook : hooks) {
      hook.end(events);
    }
  }

  /** What fails at the end may be what the run ends by: it was first. */
  private void endAfter(Throwable failure) throws IOException {
    try {
      end();
    } catch (Exception | Error e) {
      suppress(failure, e);
      throw e;
    }
  }

  private static void suppress(Throwable other, Throwable thrown) {
    if (other != thrown) {
      thrown.addSuppressed(other);
    }
  }

  private void closeOpenEpoch() throws IOException {
    best = beside.await(best);
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
    best = start.best();
    for (int epoch = start.epochs(); epoch < settings.plan().epochs(); epoch++) {
      epoch(runner, graph.getNetwork(), epoch, begin);
      begin = 0;
    }
  }

  private void epoch(EpochRunner runner, ComputationGraph network, int epoch, int begin)
      throws IOException {
    EpochClock clock = new EpochClock();
    EpochPlan plan = settings.plan().epoch(epoch);
    List<StepHook> within = new ArrayList<>();
    for (EpochHook hook : hooks) {
      hook.within(new EpochBegin(plan, best, beside.isOpen())).ifPresent(within::add);
    }
    EpochRunner.Result result = runner.run(plan, settings.plan().epochs(), begin, within);
    clock.add("steps", result.seconds());
    // the driver's own: dl4j-spark's master averages here
    NotFinite.in(network)
        .ifPresent(
            what -> {
              throw NotFiniteException.after(what, plan.lastStep() + 1);
            });
    if (beside.isOpen()) {
      long waits = System.nanoTime();
      closeOpenEpoch();
      clock.add(WAIT, EpochClock.secondsSince(waits));
    }
    EpochEnd end = new EpochEnd(plan, NetworkState.of(network), best, result.layers());
    boolean last = epoch + 1 == settings.plan().epochs();
    if (!last && hooks.stream().anyMatch(EpochHook::hasOwnSlots)) {
      clock.stop();
      beside.begin(() -> chain.run(end, result, clock));
    } else {
      best = chain.run(end, result, clock);
    }
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
