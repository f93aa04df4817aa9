package io.dropblock.spark.train;

import io.dropblock.spark.cluster.LeavingExecutors;
import io.dropblock.spark.cluster.Recovery;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.MeasuredLater;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.NotFiniteException;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.RankFeed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The attempts of a run, one behind the other: with other ranks where executors came or were told
 * to end, and from the newest checkpoint behind a failure.
 */
final class Attempts {
  private final Run run;
  private final ResumeRules rules;
  private final Recovery recovery;
  private final Stopping stopping;
  private final Epochs.Start first;

  private Epochs.Start start;
  private int world;

  /** Without a new checkpoint in between. */
  private int failures;

  /** Why the next one begins, for the log. */
  private final List<RunEvent> openings = new ArrayList<>();

  /**
   * What stays the same.
   *
   * @param feed with as many ranks as begin
   */
  record Run(
      JavaSparkContext spark,
      RunFolder folder,
      Trainer.Settings settings,
      List<EpochHook> hooks,
      RankFeed feed,
      Consumer<RunEvent> watcher) {}

  /**
   * @param first where the run begins again while there is no checkpoint
   */
  Attempts(Run run, ResumeRules rules, Recovery recovery, Stopping stopping, Epochs.Start first) {
    this.run = run;
    this.rules = rules;
    this.recovery = recovery;
    this.stopping = stopping;
    this.first = first;
  }

  /**
   * Trains until the last epoch is done.
   *
   * @param begin where it begins
   * @param beginning why, for watcher and log
   * @return the events of the run
   */
  List<RunEvent> run(Epochs.Start begin, List<RunEvent> beginning) throws IOException {
    start = begin;
    world = run.feed().world();
    beginning.forEach(this::open);
    while (true) {
      try {
        Optional<Epochs.Start> stopped = attempt();
        if (stopped.isEmpty()) {
          return EventLog.read(run.folder().files(), run.folder().events());
        }
        goOn(stopped.get());
      } catch (Exception e) {
        requireFinite(NotFiniteException.messageIn(e), e);
        if (!recovery.isOfCluster(e)) {
          throw e;
        }
        goOnBehind(e);
      }
      awaitRanks();
    }
  }

  private void open(RunEvent event) {
    openings.add(event);
    run.watcher().accept(event);
  }

  private void goOn(Epochs.Start next) {
    start = next;
    failures = 0;
    openings.clear();
    if (LeavingExecutors.any()) {
      open(
          new RunEvent.Note(
              String.format(
                  Locale.ROOT,
                  "An executor was told to end: all ranks stopped behind step %d",
                  step(start))));
    }
  }

  private void goOnBehind(Exception e) {
    Recovery.Failure failure = recovery.look(e);
    // Spark's own exception may be of a rank that this one took with it
    requireFinite(NotFiniteException.messageIn(failure.reason()), e);
    openings.clear();
    Epochs.Start next = newest().orElse(first);
    int before = step(next) > step(start) ? 0 : failures;
    failures = failure.ofOther() ? before : before + 1;
    start = next;
    openings.add(failing().told(failure, failures, step(start), e));
    openings.forEach(run.watcher());
  }

  /** Waits until ranks find a place, and tells if there will be more or fewer. */
  private void awaitRanks() {
    int now = recovery.await();
    if (now != world) {
      open(new RunEvent.Ranks(step(start), now, world));
      world = now;
    }
  }

  /** The newest checkpoint, behind a failure. */
  private Optional<Epochs.Start> newest() {
    try {
      Optional<Checkpoint> found =
          run.folder().checkpoints().takeToResume(line -> openings.add(new RunEvent.Note(line)));
      found.ifPresent(rules::requireFit);
      return found.map(Epochs.Start::of);
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read checkpoints of run "
              + run.folder().path()
              + " now: "
              + e.getMessage()
              + "; use --resume when they can be read",
          e);
    }
  }

  private RunFailure failing() {
    return new RunFailure(run.folder(), run.settings().recovery().attempts());
  }

  private void requireFinite(Optional<String> notFinite, Exception cause) {
    if (notFinite.isPresent()) {
      throw failing().notFinite(notFinite.get(), cause);
    }
  }

  private long step(Epochs.Start at) {
    return at.step(run.settings().plan().stepsPerEpoch());
  }

  /**
   * Trains with the ranks that there are.
   *
   * @return where other ranks go on; empty where the run is done
   */
  private Optional<Epochs.Start> attempt() throws IOException {
    RunFolder folder = run.folder();
    RankFeed feed = run.feed().withWorld(world);
    // those of ranks that were killed, too
    folder.checkpoints().deleteHalfWritten();
    Broadcast<RankFeed> broadcast = run.spark().broadcast(feed);
    try (EventLog log =
        EventLog.open(folder.files(), folder.events(), start.epochs(), step(start))) {
      openings.forEach(log);
      List<RunEvent> before = EventLog.read(folder.files(), folder.events());
      Consumer<RunEvent> events =
          new MeasuredLater(before, new OneAtATime(log.andThen(run.watcher())));
      Optional<Epochs.Start> next =
          new Epochs(
                  run.spark(),
                  run.settings(),
                  run.hooks(),
                  feed,
                  events,
                  stopping,
                  recovery.roomForMore(feed.world()))
              .run(start, broadcast);
      if (next.isPresent() && StopSignal.received()) {
        events.accept(new RunEvent.Stopped(step(next.get()) - 1));
        throw new TrainingException("Stopped");
      }
      return next;
    } finally {
      stopping.nothing();
      broadcast.destroy();
    }
  }
}
