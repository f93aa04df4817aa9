package io.dropblock.spark.train;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.evaluate.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/**
 * The driver's loop: plan an epoch, train it on the cluster, evaluate, write a checkpoint, tell
 * whoever watches.
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
   * @param parameters trainable parameters of the network, for people
   */
  public record Settings(
      String recipeName,
      String recipe,
      TrainingPlan plan,
      Averaging averaging,
      int evaluateEvery,
      int keepCheckpoints,
      long parameters) {}

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
    this.watcher = watcher;
  }

  /**
   * Trains until the last epoch is done.
   *
   * @param network the network of the recipe, initialised; the start of a new run
   * @param feed where ranks get their batches
   * @param resumed the checkpoint to go on with, if any
   * @return the events of all epochs, those before a resumed checkpoint included
   * @throws TrainingException if the checkpoint does not fit or the run folder cannot be written
   */
  public List<RunEvent> run(ComputationGraph network, RankFeed feed, Optional<Checkpoint> resumed) {
    resumed.ifPresent(checkpoint -> requireFit(checkpoint, network, feed));
    ComputationGraph start =
        resumed.map(checkpoint -> checkpoint.network().restore()).orElse(network);
    int firstEpoch = resumed.map(checkpoint -> checkpoint.manifest().epochs()).orElse(0);
    Best best = resumed.map(Best::of).orElse(new Best(null, null));
    Broadcast<RankFeed> broadcast = spark.broadcast(feed);
    try (EventLog log = EventLog.open(folder.files(), folder.events(), firstEpoch)) {
      Consumer<RunEvent> events = new OneAtATime(log.andThen(watcher));
      events.accept(started(feed, firstEpoch));
      SparkComputationGraph graph =
          new SparkComputationGraph(
              spark, start, settings.averaging().master(feed.world(), feed.localBatch()));
      EpochRunner runner = new EpochRunner(spark, graph, settings.averaging(), broadcast, events);
      for (int epoch = firstEpoch; epoch < settings.plan().epochs(); epoch++) {
        best = epoch(runner, graph.getNetwork(), feed, epoch, best, events);
      }
      return EventLog.read(folder.files(), folder.events());
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder %s: %s".formatted(folder.path(), e.getMessage()), e);
    } finally {
      broadcast.destroy();
    }
  }

  private RunEvent started(RankFeed feed, int firstEpoch) {
    return new RunEvent.Started(
        settings.recipeName(),
        feed.world(),
        feed.globalBatch(),
        settings.plan().epochs(),
        settings.plan().stepsPerEpoch(),
        firstEpoch,
        settings.parameters());
  }

  private Best epoch(
      EpochRunner runner,
      ComputationGraph network,
      RankFeed feed,
      int epoch,
      Best before,
      Consumer<RunEvent> events)
      throws IOException {
    long begin = System.nanoTime();
    EpochPlan plan = settings.plan().epoch(epoch);
    EpochRunner.Result result = runner.run(plan, settings.plan().epochs());
    requireFinite(result.loss(), epoch);
    NetworkState state = NetworkState.of(network);
    Optional<TopKAccuracy.Result> accuracy = evaluate(state, epoch);
    Double top1 = accuracy.map(found -> found.top(1)).orElse(null);
    Best best = before.with(top1, epoch);
    checkpoint(state, plan, feed, top1, best);
    events.accept(
        new RunEvent.Epoch(
            epoch,
            result.loss(),
            result.imagesPerSecond(),
            (System.nanoTime() - begin) / 1e9,
            plan.keepProbability(plan.lastStep()),
            result.keptFraction(),
            plan.learningRate(plan.lastStep()),
            top1,
            accuracy.map(found -> found.top(5)).orElse(null),
            best.top1()));
    return best;
  }

  private Optional<TopKAccuracy.Result> evaluate(NetworkState state, int epoch) {
    boolean turn =
        (epoch + 1) % settings.evaluateEvery() == 0 || epoch + 1 == settings.plan().epochs();
    if (!turn) {
      return Optional.empty();
    }
    spark.setJobDescription(
        "epoch %d/%d · evaluation".formatted(epoch + 1, settings.plan().epochs()));
    try {
      return Optional.of(evaluation.run(spark, state));
    } finally {
      spark.setJobDescription(null);
    }
  }

  private void checkpoint(NetworkState state, EpochPlan plan, RankFeed feed, Double top1, Best best)
      throws IOException {
    CheckpointStore store = folder.checkpoints();
    Checkpoint.Manifest manifest =
        new Checkpoint.Manifest(
            Checkpoint.Manifest.VERSION,
            plan.epoch() + 1,
            plan.lastStep() + 1,
            plan.steps(),
            feed.globalBatch(),
            plan.seed(),
            top1,
            best.top1(),
            best.epoch(),
            List.of(),
            List.of("java " + Runtime.version(), "spark " + spark.version()));
    store.write(new Checkpoint(manifest, settings.recipe(), state));
    store.prune(settings.keepCheckpoints(), best.epoch());
  }

  private void requireFit(Checkpoint checkpoint, ComputationGraph network, RankFeed feed) {
    long expected = network.numParams() * Float.BYTES;
    long found = checkpoint.network().parameters().length;
    if (found != expected) {
      throw new TrainingException(
          ("Cannot resume run %s: its checkpoint is of another model, %d parameters in place of "
                  + "the recipe's %d")
              .formatted(folder.path(), found / Float.BYTES, expected / Float.BYTES));
    }
    Checkpoint.Manifest manifest = checkpoint.manifest();
    if (manifest.stepsPerEpoch() != settings.plan().stepsPerEpoch()
        || manifest.globalBatch() != feed.globalBatch()) {
      throw new TrainingException(
          ("Cannot resume run %s: its checkpoint has %d steps an epoch of %d images, this run "
                  + "would have %d of %d; use the same data, number of ranks, local batch and "
                  + "accumulation")
              .formatted(
                  folder.path(),
                  manifest.stepsPerEpoch(),
                  manifest.globalBatch(),
                  settings.plan().stepsPerEpoch(),
                  feed.globalBatch()));
    }
  }

  private void requireFinite(double loss, int epoch) {
    if (!Double.isFinite(loss)) {
      throw new TrainingException(
          ("Cannot go on with run %s: the loss of epoch %d is %s; the last checkpoint is good, "
                  + "lower train.learning_rate")
              .formatted(folder.path(), epoch + 1, loss));
    }
  }

  /** Passes on events of this thread and of Spark's that tells the progress. */
  private record OneAtATime(Consumer<RunEvent> events) implements Consumer<RunEvent> {

    @Override
    public synchronized void accept(RunEvent event) {
      events.accept(event);
    }
  }

  /** The best validation accuracy so far and the epoch it was reached in. */
  private record Best(Double top1, Integer epoch) {

    static Best of(Checkpoint checkpoint) {
      return new Best(checkpoint.manifest().best(), checkpoint.manifest().bestEpoch());
    }

    Best with(Double candidate, int at) {
      boolean better = candidate != null && (top1 == null || candidate > top1);
      return better ? new Best(candidate, at) : this;
    }
  }
}
