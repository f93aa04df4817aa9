package io.dropblock.spark.train;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.spark.evaluate.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** One epoch after the other: plan, train on the cluster, evaluate, write a checkpoint, tell. */
final class Epochs {
  private final JavaSparkContext spark;
  private final RunFolder folder;
  private final Trainer.Settings settings;
  private final Evaluation evaluation;
  private final RankFeed feed;
  private final Checkpoint.Origin origin;
  private final Consumer<RunEvent> events;

  /**
   * @param origin what checkpoints are told to be of
   * @param events told of everything that happens, one thing at a time
   */
  Epochs(
      JavaSparkContext spark,
      RunFolder folder,
      Trainer.Settings settings,
      Evaluation evaluation,
      RankFeed feed,
      Checkpoint.Origin origin,
      Consumer<RunEvent> events) {
    this.spark = spark;
    this.folder = folder;
    this.settings = settings;
    this.evaluation = evaluation;
    this.feed = feed;
    this.origin = origin;
    this.events = events;
  }

  /** Trains from some state to the end of the run. */
  void run(Start start, Broadcast<RankFeed> broadcast) throws IOException {
    SparkComputationGraph graph =
        new SparkComputationGraph(
            spark,
            OldVelocity.replaced(start, settings.plan()).restore(),
            settings.averaging().master(feed.world(), feed.localBatch()));
    EpochRunner runner = new EpochRunner(spark, graph, settings.averaging(), broadcast, events);
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
    EpochRunner.Result result =
        runner.run(plan, settings.plan().epochs(), begin, withinEpoch(plan, before));
    // the driver's own: dl4j-spark's master averages here
    NotFinite.in(network).ifPresent(what -> fail(what, plan));
    NetworkState state = NetworkState.of(network);
    Optional<TopKAccuracy.Result> accuracy = evaluate(state, epoch);
    accuracy
        .filter(found -> !Double.isFinite(found.crossEntropy()))
        .ifPresent(found -> fail("the output for the validation images", plan));
    Double top1 = accuracy.map(found -> found.top(1)).orElse(null);
    Best best = before.with(top1, epoch);
    checkpoint(state, plan, top1, best);
    events.accept(
        new RunEvent.Epoch(
            epoch,
            result.loss(),
            result.imagesPerSecond(),
            (System.nanoTime() - since) / 1e9,
            plan.keepProbability(plan.lastStep()),
            result.keptFraction(),
            plan.learningRate(plan.lastStep()),
            top1,
            accuracy.map(found -> found.top(5)).orElse(null),
            best.top1()));
    return best;
  }

  private StepCheckpoints withinEpoch(EpochPlan plan, Best best) {
    return new StepCheckpoints(
        folder.files().makeQualified(folder.path()).toString(),
        new SerializableConfiguration(spark.hadoopConfiguration()),
        manifest(plan, plan.epoch(), null, best),
        settings.recipe(),
        settings.stepsBetweenCheckpoints(),
        settings.keepCheckpoints());
  }

  private Optional<TopKAccuracy.Result> evaluate(NetworkState state, int epoch) {
    boolean turn =
        (epoch + 1) % settings.evaluateEvery() == 0 || epoch + 1 == settings.plan().epochs();
    if (!turn) {
      return Optional.empty();
    }
    spark.setJobDescription(
        String.format(
            Locale.ROOT, "epoch %d/%d · evaluation", epoch + 1, settings.plan().epochs()));
    try {
      return Optional.of(evaluation.run(spark, state));
    } finally {
      spark.setJobDescription(null);
    }
  }

  private void checkpoint(NetworkState state, EpochPlan plan, Double top1, Best best)
      throws IOException {
    CheckpointStore store = folder.checkpoints();
    Checkpoint.Manifest manifest = manifest(plan, plan.epoch() + 1, top1, best);
    folder.requireLock();
    try {
      store.write(new Checkpoint(manifest, settings.recipe(), state));
    } catch (IOException e) {
      throw WriteFailure.of(
          "checkpoint", folder.files(), store.path(CheckpointName.of(manifest)), e);
    }
    store.prune(settings.keepCheckpoints(), best.epoch());
  }

  private Checkpoint.Manifest manifest(EpochPlan plan, int epochs, Double top1, Best best) {
    return new Checkpoint.Manifest(
        Checkpoint.Manifest.VERSION,
        epochs,
        (long) epochs * plan.steps(),
        plan.steps(),
        feed.globalBatch(),
        plan.seed(),
        top1,
        best.top1(),
        best.epoch(),
        List.of(),
        List.of("java " + Runtime.version(), "spark " + spark.version()),
        origin);
  }

  private static void fail(String what, EpochPlan plan) {
    throw NotFiniteException.after(what, plan.lastStep() + 1);
  }

  /**
   * Where training starts.
   *
   * @param network and its updater
   * @param epochs that are done
   * @param stepsWithinEpoch that are done in the next one
   */
  record Start(NetworkState network, int epochs, int stepsWithinEpoch, Best best) {

    /** Of a new run. */
    static Start of(NetworkState network) {
      return new Start(network, 0, 0, new Best(null, null));
    }

    static Start of(Checkpoint checkpoint) {
      Checkpoint.Manifest manifest = checkpoint.manifest();
      return new Start(
          checkpoint.network(),
          manifest.epochs(),
          manifest.stepsWithinEpoch(),
          new Best(manifest.best(), manifest.bestEpoch()));
    }

    /** Steps that are done in the run. */
    long step(int stepsPerEpoch) {
      return (long) epochs * stepsPerEpoch + stepsWithinEpoch;
    }
  }

  /** The best validation accuracy so far and the epoch it was reached in. */
  record Best(Double top1, Integer epoch) {

    Best with(Double candidate, int at) {
      boolean better = candidate != null && (top1 == null || candidate > top1);
      return better ? new Best(candidate, at) : this;
    }
  }
}
