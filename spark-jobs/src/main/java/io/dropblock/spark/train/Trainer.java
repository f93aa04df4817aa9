package io.dropblock.spark.train;

import io.dropblock.spark.cluster.LeavingExecutors;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.Recovery;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.MeasuredLater;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.NotFiniteException;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.progress.TrainingPlugin;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WatchedLayers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A run on the driver: {@link Epochs} from the start, or from a checkpoint, to the end. Where a job
 * fails on the cluster it goes on from the newest checkpoint, on other executors where it has to.
 */
public final class Trainer {
  private static final String WITHOUT_STEPS =
      String.format(
          Locale.ROOT,
          "Only whole epochs are told of, not the steps within: %s does not name %s",
          TrainingPlugin.SETTING,
          TrainingPlugin.class.getName());

  private final JavaSparkContext spark;
  private final RunFolder folder;
  private final Settings settings;
  private final List<EpochHook> hooks;
  private final Consumer<RunEvent> watcher;

  /**
   * What a run is made of, besides its data.
   *
   * @param recipeName for people
   * @param recipe the effective recipe as YAML, kept in each checkpoint
   * @param plan epochs, steps and schedules
   * @param averaging how ranks come together
   * @param ranks how many there may be, one time and another
   * @param recovery how patient it is
   * @param parameters trainable parameters of the network, for people
   * @param layers of whose numbers histograms are made
   */
  public record Settings(
      String recipeName,
      String recipe,
      TrainingPlan plan,
      Averaging averaging,
      RankLimits ranks,
      RecoverySettings recovery,
      long parameters,
      WatchedLayers layers) {}

  /**
   * @param hooks what the run does at the end of each epoch, in this order
   * @param watcher told of everything that happens, one thing at a time, on the calling thread or
   *     on one of Spark's
   */
  public Trainer(
      JavaSparkContext spark,
      RunFolder folder,
      Settings settings,
      List<EpochHook> hooks,
      Consumer<RunEvent> watcher) {
    this.spark = spark;
    this.folder = folder;
    this.settings = settings;
    this.hooks = List.copyOf(hooks);
    this.watcher = new OneAtATime(watcher);
  }

  /**
   * Trains until the last epoch is done.
   *
   * @param network the network of the recipe, initialised; the start of a new run
   * @param feed where ranks get their batches
   * @param beginning the checkpoint to go on with, if any
   * @return the events of all epochs, those before a resumed checkpoint included
   * @throws TrainingException if checkpoint or data do not fit, the run folder cannot be written, a
   *     step leaves a number that is not finite, or the cluster fails too often
   * @throws io.dropblock.spark.cluster.ClusterException if it has too few task slots in the end
   */
  public List<RunEvent> run(ComputationGraph network, RankFeed feed, Beginning beginning) {
    ResumeRules rules =
        new ResumeRules(
            folder, settings.plan(), network.params().length(), feed, settings.averaging());
    beginning.checkpoint().ifPresent(rules::requireFit);
    DataIdentity data = DataIdentity.of(feed.source().manifest());
    Epochs.Start first = Epochs.Start.of(network, settings.plan());
    try (Recovery recovery = new Recovery(spark, settings.ranks(), settings.recovery());
        Stopping stopping = new Stopping(spark, watcher)) {
      Epochs.Start start = beginning.checkpoint().map(Epochs.Start::of).orElse(first);
      long stepsDone = step(start);
      List<RunEvent> openings =
          new ArrayList<>(List.of(started(feed, stepsDone), RunEnvironment.of(spark.sc())));
      boolean older =
          beginning.checkpoint().filter(found -> found.manifest().origin() == null).isPresent();
      rules.requireData(data, older).map(RunEvent.Note::new).ifPresent(openings::add);
      beginning
          .checkpoint()
          .flatMap(rules::otherRanks)
          .map(RunEvent.Note::new)
          .ifPresent(openings::add);
      beginning.notes().stream().map(RunEvent.Note::new).forEach(openings::add);
      OldNetwork.note(start, settings.plan()).map(RunEvent.Note::new).ifPresent(openings::add);
      beginning.change().map(told -> changed(told, stepsDone)).ifPresent(openings::add);
      if (!TrainingPlugin.isOn()) {
        openings.add(new RunEvent.Note(WITHOUT_STEPS));
      }
      openings.forEach(watcher);
      int failures = 0;
      int world = feed.world();
      while (true) {
        Optional<Epochs.Start> stopped;
        try {
          stopped = attempt(start, feed.withWorld(world), openings, recovery, stopping);
        } catch (Exception e) {
          requireFinite(NotFiniteException.messageIn(e), e);
          if (!recovery.isOfCluster(e)) {
            throw e;
          }
          Recovery.Failure failure = recovery.look(e);
          // Spark's own exception may be of a rank that this one took with it
          requireFinite(NotFiniteException.messageIn(failure.reason()), e);
          openings.clear();
          Epochs.Start next = next(rules, openings).orElse(first);
          failures = step(next) > step(start) ? 1 : failures + 1;
          start = next;
          openings.add(failing().told(failure, failures, step(start), e));
          openings.forEach(watcher);
          world = otherRanks(recovery, world, start, openings);
          continue;
        }
        if (stopped.isEmpty()) {
          return EventLog.read(folder.files(), folder.events());
        }
        start = stopped.get();
        failures = 0;
        openings.clear();
        if (LeavingExecutors.any()) {
          RunEvent.Note note = new RunEvent.Note(leaving(step(start)));
          openings.add(note);
          watcher.accept(note);
        }
        world = otherRanks(recovery, world, start, openings);
      }
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder " + folder.path() + ": " + e.getMessage(), e);
    }
  }

  private static String leaving(long step) {
    return String.format(
        Locale.ROOT, "An executor was told to end: all ranks stopped behind step %d", step);
  }

  /** Waits until ranks find a place, and tells if there will be more or fewer. */
  private int otherRanks(
      Recovery recovery, int world, Epochs.Start start, List<RunEvent> openings) {
    int now = recovery.await();
    if (now != world) {
      RunEvent.Ranks told = new RunEvent.Ranks(step(start), now, world);
      openings.add(told);
      watcher.accept(told);
    }
    return now;
  }

  /** Nothing stands against it any more. */
  private RunEvent changed(String told, long stepsDone) {
    String kept = folder.changeRecipe(settings.recipe(), stepsDone);
    return new RunEvent.Note(told + " (" + kept + " is the recipe until there)");
  }

  /** The newest checkpoint, behind a failure. */
  private Optional<Epochs.Start> next(ResumeRules rules, List<RunEvent> told) {
    try {
      Optional<Checkpoint> found =
          folder.checkpoints().takeToResume(line -> told.add(new RunEvent.Note(line)));
      found.ifPresent(rules::requireFit);
      return found.map(Epochs.Start::of);
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read checkpoints of run "
              + folder.path()
              + " now: "
              + e.getMessage()
              + "; use --resume when they can be read",
          e);
    }
  }

  private RunFailure failing() {
    return new RunFailure(folder, settings.recovery().attempts());
  }

  private void requireFinite(Optional<String> notFinite, Exception cause) {
    if (notFinite.isPresent()) {
      throw failing().notFinite(notFinite.get(), cause);
    }
  }

  private long step(Epochs.Start start) {
    return start.step(settings.plan().stepsPerEpoch());
  }

  /**
   * @param openings why it begins, for the log
   * @return where other ranks go on; empty where the run is done
   */
  private Optional<Epochs.Start> attempt(
      Epochs.Start start,
      RankFeed feed,
      List<RunEvent> openings,
      Recovery recovery,
      Stopping stopping)
      throws IOException {
    // those of ranks that were killed, too
    folder.checkpoints().deleteHalfWritten();
    Broadcast<RankFeed> broadcast = spark.broadcast(feed);
    try (EventLog log =
        EventLog.open(folder.files(), folder.events(), start.epochs(), step(start))) {
      openings.forEach(log);
      List<RunEvent> before = EventLog.read(folder.files(), folder.events());
      Consumer<RunEvent> events = new MeasuredLater(before, new OneAtATime(log.andThen(watcher)));
      Optional<Epochs.Start> next =
          new Epochs(
                  spark,
                  settings,
                  hooks,
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

  private RunEvent started(RankFeed feed, long firstStep) {
    return new RunEvent.Started(
        settings.recipeName(),
        feed.world(),
        feed.slots().count(),
        feed.globalBatch(),
        settings.plan().epochs(),
        settings.plan().stepsPerEpoch(),
        firstStep,
        feed.images(),
        settings.parameters());
  }

  /** Passes on events of this thread and of Spark's that tells the progress. */
  private record OneAtATime(Consumer<RunEvent> events) implements Consumer<RunEvent> {

    @Override
    public synchronized void accept(RunEvent event) {
      events.accept(event);
    }
  }
}
