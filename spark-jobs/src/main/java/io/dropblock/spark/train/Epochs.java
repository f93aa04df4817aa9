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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** One epoch after the other with the same ranks: plan, train on them, call the hooks, tell. */
final class Epochs {
  private final JavaSparkContext spark;
  private final Trainer.Settings settings;
  private final List<EpochHook> hooks;
  private final RankFeed feed;
  private final Consumer<RunEvent> events;
  private final Stopping stopping;
  private final RoomForMore room;

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
    return next;
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
            room::isLasting);
    hooks.forEach(hook -> hook.begin(feed.world()));
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
        && (at.stepsWithinEpoch() > 0 || StopSignal.received() || room.isNow());
  }

  private Start epoch(EpochRunner runner, ComputationGraph network, Start start)
      throws IOException {
    long since = System.nanoTime();
    EpochPlan plan = settings.plan().epoch(start.epochs());
    List<StepHook> within = new ArrayList<>();
    for (EpochHook hook : hooks) {
      hook.within(plan, start.best()).ifPresent(within::add);
    }
    stopping.steps();
    EpochRunner.Result result =
        runner.run(plan, settings.plan().epochs(), start.stepsWithinEpoch(), within);
    // the driver's own: dl4j-spark's master averages here
    NotFinite.in(network)
        .ifPresent(
            what -> {
              throw NotFiniteException.after(what, plan.firstStep() + result.stepsDone());
            });
    NetworkState state = NetworkState.of(network);
    StoppedEpoch stopped = new StoppedEpoch(plan, result.stepsDone(), state, start.best());
    if (result.stepsDone() < plan.steps() || StopSignal.received()) {
      return stop(stopped);
    }
    stopping.endOfEpoch();
    try {
      return end(plan, state, start.best(), result, since);
    } catch (Exception e) {
      // Spark's own is a checked one that nobody declares
      if (StopSignal.received()) {
        return stop(stopped);
      }
      throw e;
    }
  }

  /** Keeps what there is. */
  private Start stop(StoppedEpoch stopped) throws IOException {
    for (EpochHook hook : hooks) {
      hook.stopped(stopped, events);
    }
    return stopped.next();
  }

  /** All steps of an epoch are done. */
  private Start end(
      EpochPlan plan, NetworkState network, Best before, EpochRunner.Result result, long since)
      throws IOException {
    EpochEnd end = new EpochEnd(plan, network, before, result.layers());
    Map<String, Double> spent = new LinkedHashMap<>(Map.of("steps", result.seconds()));
    for (EpochHook hook : hooks) {
      long called = System.nanoTime();
      end = hook.after(end, events);
      spent.merge(hook.work(), (System.nanoTime() - called) / 1e9, Double::sum);
    }
    events.accept(
        new RunEvent.Epoch(
            plan.epoch(),
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
    return new Start(network, plan.epoch() + 1, 0, end.best());
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
