package io.dropblock.spark.train;

import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.nn.average.MovingAverage;
import io.dropblock.spark.cluster.RoomForMore;
import io.dropblock.spark.cluster.StopSignal;
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
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/**
 * One epoch after the other with the same ranks: plan, train on them, call the hooks, tell. Where a
 * hook has task slots of its own, hooks and event of an epoch come beside the steps of the next
 * one; those of the last epoch, or of the one before a failure, are waited for.
 */
final class Epochs {
  private static final String WAIT = "wait";

  private final JavaSparkContext spark;
  private final Trainer.Settings settings;
  private final List<EpochHook> hooks;
  private final RankFeed feed;
  private final Consumer<RunEvent> events;
  private final Stopping stopping;
  private final RoomForMore room;
  private final EpochChain chain;
  private final BesideTraining<Best> beside = new BesideTraining<>();

  /** So far, without an epoch that is open. */
  private Best best;

  /** What there is of the epoch that is open, should its hooks not come to an end. */
  private StoppedEpoch open;

  /**
   * @param hooks called in their order at the end of each epoch
   * @param events told of everything that happens, one thing at a time
   * @param stopping told what is under way
   * @param room whether more ranks are to go on
   */
  Epochs(
      JavaSparkContext spark,
      Trainer.Settings settings,
      List<EpochHook> hooks,
      RankFeed feed,
      Consumer<RunEvent> events,
      Stopping stopping,
      RoomForMore room) {
    this.spark = spark;
    this.settings = settings;
    this.hooks = hooks;
    this.feed = feed;
    this.events = events;
    this.stopping = stopping;
    this.room = room;
    this.chain = new EpochChain(hooks, events);
  }

  /**
   * Trains from some state to the end of the run, or until ranks are told to stop, or others are to
   * go on.
   *
   * @return where the run goes on; empty at its end
   */
  Optional<Start> run(Start start, Broadcast<RankFeed> broadcast) throws IOException {
    Optional<Start> next;
    try {
      next = train(start, broadcast);
    } catch (Exception | Error e) {
      endAfter(e);
      throw e;
    }
    end();
    return next.map(at -> at.withBest(best));
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

  private Optional<Start> train(Start start, Broadcast<RankFeed> broadcast) throws IOException {
    SparkComputationGraph graph =
        new SparkComputationGraph(
            spark,
            OldNetwork.replaced(start, settings.plan()).restore(),
            settings.averaging().master(feed.world(), feed.slots().localBatch()));
    EpochRunner runner =
        new EpochRunner(
            spark,
            graph,
            settings.averaging(),
            broadcast,
            settings.layers(),
            events,
            () -> beside.isAtRest() && room.isLasting());
    hooks.forEach(hook -> hook.begin(feed.world()));
    best = start.best();
    Start at = start;
    while (at.epochs() < settings.plan().epochs()) {
      at = epoch(runner, graph.getNetwork(), at);
      if (isOver(at)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** Whether these ranks do not go on, though the run is not done. */
  private boolean isOver(Start at) {
    return at.epochs() < settings.plan().epochs()
        && (at.stepsWithinEpoch() > 0
            || StopSignal.received()
            || beside.isAtRest() && room.isNow());
  }

  private Start epoch(EpochRunner runner, ComputationGraph network, Start start)
      throws IOException {
    EpochClock clock = new EpochClock();
    EpochPlan plan = settings.plan().epoch(start.epochs());
    List<StepHook> within = new ArrayList<>();
    for (EpochHook hook : hooks) {
      hook.within(new EpochBegin(plan, best, beside.isOpen())).ifPresent(within::add);
    }
    stopping.steps();
    EpochRunner.Result result =
        runner.run(plan, settings.plan().epochs(), start.stepsWithinEpoch(), within);
    clock.add("steps", result.seconds());
    // the driver's own: dl4j-spark's master averages here
    NotFinite.in(network)
        .ifPresent(
            what -> {
              throw NotFiniteException.after(what, plan.firstStep() + result.stepsDone());
            });
    NetworkState state = NetworkState.of(network);
    if (beside.isOpen() && !closes(clock)) {
      return stop(open);
    }
    StoppedEpoch stopped = new StoppedEpoch(plan, result.stepsDone(), state, best);
    if (result.stepsDone() < plan.steps() || StopSignal.received()) {
      return stop(stopped);
    }
    EpochEnd end = new EpochEnd(plan, state, best, result.layers());
    boolean last = plan.epoch() + 1 == settings.plan().epochs();
    if (!last && hooks.stream().anyMatch(EpochHook::hasOwnSlots)) {
      clock.stop();
      open = stopped;
      beside.begin(() -> chain.run(end, result, clock));
    } else {
      stopping.endOfEpoch();
      try {
        best = chain.run(end, result, clock);
      } catch (Exception e) {
        if (StopSignal.received()) {
          return stop(stopped);
        }
        throw e;
      }
    }
    return new Start(state, plan.epoch() + 1, 0, best);
  }

  /**
   * Waits for the hooks of the open epoch.
   *
   * @return false where they were cut short, as the run is to end
   */
  private boolean closes(EpochClock clock) throws IOException {
    long waits = System.nanoTime();
    stopping.openEpoch();
    try {
      closeOpenEpoch();
    } catch (Exception e) {
      if (StopSignal.received()) {
        return false;
      }
      throw e;
    }
    clock.add(WAIT, EpochClock.secondsSince(waits));
    return true;
  }

  /** Keeps what there is. */
  private Start stop(StoppedEpoch stopped) throws IOException {
    for (EpochHook hook : hooks) {
      hook.stopped(stopped, events);
    }
    return stopped.next();
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

    /** The same, of another epoch's network the best. */
    Start withBest(Best other) {
      return new Start(network, epochs, stepsWithinEpoch, other);
    }

    /** Steps that are done in the run. */
    long step(int stepsPerEpoch) {
      return (long) epochs * stepsPerEpoch + stepsWithinEpoch;
    }
  }
}
