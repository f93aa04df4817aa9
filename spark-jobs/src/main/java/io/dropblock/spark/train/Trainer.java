package io.dropblock.spark.train;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cluster.Recovery;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.evaluate.Evaluation;
import java.io.IOException;
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
  private final JavaSparkContext spark;
  private final RunFolder folder;
  private final Settings settings;
  private final Evaluation evaluation;
  private final Consumer<RunEvent> watcher;

  /**
   * What a run is made of, besides its data.
   *
   * @param recipeName for people
   * @param recipe the effective recipe as YAML, kept in each checkpoint
   * @param plan epochs, steps and schedules
   * @param averaging how ranks come together
   * @param evaluateEvery epochs between two evaluations, at least 1; the last epoch is always
   *     evaluated
   * @param keepCheckpoints how many of the newest checkpoints to keep, at least 1; the best one is
   *     kept besides
   * @param checkpointEvery steps between two checkpoints within an epoch, 0 for none; they are
   *     written behind the next averaging
   * @param recovery how patient it is
   * @param parameters trainable parameters of the network, for people
   */
  public record Settings(
      String recipeName,
      String recipe,
      TrainingPlan plan,
      Averaging averaging,
      int evaluateEvery,
      int keepCheckpoints,
      int checkpointEvery,
      RecoverySettings recovery,
      long parameters) {

    /** Rounded up to a multiple of those between two averagings. */
    int stepsBetweenCheckpoints() {
      int every = averaging.every();
      return Math.multiplyExact((checkpointEvery + every - 1) / every, every);
    }
  }

  /**
   * @param watcher told of everything that happens, one thing at a time, on the calling thread or
   *     on one of Spark's
   */
  public Trainer(
      JavaSparkContext spark,
      RunFolder folder,
      Settings settings,
      Evaluation evaluation,
      Consumer<RunEvent> watcher) {
    this.spark = spark;
    this.folder = folder;
    this.settings = settings;
    this.evaluation = evaluation;
    this.watcher = new OneAtATime(watcher);
  }

  /**
   * Trains until the last epoch is done.
   *
   * @param network the network of the recipe, initialised; the start of a new run
   * @param feed where ranks get their batches
   * @param resumed the checkpoint to go on with, if any
   * @return the events of all epochs, those before a resumed checkpoint included
   * @throws TrainingException if the checkpoint does not fit, the run folder cannot be written, or
   *     the cluster fails too often
   * @throws io.dropblock.spark.cluster.ClusterException if it has too few task slots in the end
   */
  public List<RunEvent> run(ComputationGraph network, RankFeed feed, Optional<Checkpoint> resumed) {
    resumed.ifPresent(checkpoint -> requireFit(checkpoint, network, feed));
    Epochs.Start first = Epochs.Start.of(NetworkState.of(network));
    Broadcast<RankFeed> broadcast = spark.broadcast(feed);
    try (Recovery recovery = new Recovery(spark, feed.world(), settings.recovery())) {
      Epochs.Start start = resumed.map(Epochs.Start::of).orElse(first);
      RunEvent opening = started(feed, step(start));
      watcher.accept(opening);
      int failures = 0;
      while (true) {
        try {
          attempt(start, feed, broadcast, opening);
          return EventLog.read(folder.files(), folder.events());
        } catch (Exception e) {
          if (!recovery.isOfCluster(e)) {
            throw e;
          }
          Epochs.Start next = folder.checkpoints().latest().map(Epochs.Start::of).orElse(first);
          failures = step(next) > step(start) ? 1 : failures + 1;
          start = next;
          opening = failed(recovery.look(e), failures, step(start), e);
          watcher.accept(opening);
          recovery.await();
        }
      }
    } catch (IOException e) {
      throw new TrainingException(
          String.format(
              Locale.ROOT, "Cannot write to run folder %s: %s", folder.path(), e.getMessage()),
          e);
    } finally {
      broadcast.destroy();
    }
  }

  private long step(Epochs.Start start) {
    return start.step(settings.plan().stepsPerEpoch());
  }

  /**
   * @param opening why it begins, for the log
   */
  private void attempt(
      Epochs.Start start, RankFeed feed, Broadcast<RankFeed> broadcast, RunEvent opening)
      throws IOException {
    // those of ranks that were killed, too
    folder.checkpoints().deleteHalfWritten();
    try (EventLog log =
        EventLog.open(folder.files(), folder.events(), start.epochs(), step(start))) {
      log.accept(opening);
      Consumer<RunEvent> events = new OneAtATime(log.andThen(watcher));
      new Epochs(spark, folder, settings, evaluation, feed, events).run(start, broadcast);
    }
  }

  private RunEvent.Failed failed(
      Recovery.Failure failure, int failures, long step, Exception cause) {
    if (failure.always()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot go on with run %s: %s; it would fail again, so mend it and use --resume",
              folder.path(),
              failure.reason()),
          cause);
    }
    int most = settings.recovery().attempts();
    if (failures >= most) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot go on with run %s: %d failures since step %d, the last: %s; its checkpoints are "
                  + "whole: mend it and use --resume",
              folder.path(),
              failures,
              step,
              failure.reason()),
          cause);
    }
    return new RunEvent.Failed(
        failures, most, step, failure.reason(), List.copyOf(failure.leftOut()));
  }

  private RunEvent started(RankFeed feed, long firstStep) {
    return new RunEvent.Started(
        settings.recipeName(),
        feed.world(),
        feed.globalBatch(),
        settings.plan().epochs(),
        settings.plan().stepsPerEpoch(),
        firstStep,
        feed.images(),
        settings.parameters());
  }

  private void requireFit(Checkpoint checkpoint, ComputationGraph network, RankFeed feed) {
    long expected = network.numParams() * Float.BYTES;
    long found = checkpoint.network().parameters().length;
    if (found != expected) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot resume run %s: its checkpoint is of another model, %d parameters in place of "
                  + "the recipe's %d",
              folder.path(),
              found / Float.BYTES,
              expected / Float.BYTES));
    }
    Checkpoint.Manifest manifest = checkpoint.manifest();
    if (manifest.stepsPerEpoch() != settings.plan().stepsPerEpoch()
        || manifest.globalBatch() != feed.globalBatch()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot resume run %s: its checkpoint has %d steps an epoch of %d images, this run "
                  + "would have %d of %d; use the same data, number of ranks, local batch and "
                  + "accumulation",
              folder.path(),
              manifest.stepsPerEpoch(),
              manifest.globalBatch(),
              settings.plan().stepsPerEpoch(),
              feed.globalBatch()));
    }
  }

  /** Passes on events of this thread and of Spark's that tells the progress. */
  private record OneAtATime(Consumer<RunEvent> events) implements Consumer<RunEvent> {

    @Override
    public synchronized void accept(RunEvent event) {
      events.accept(event);
    }
  }
}
