package io.dropblock.spark.train;

import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.cluster.EvaluationSlots;
import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingSettings;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WatchedLayers;
import io.dropblock.spark.train.step.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A run of the {@link Trainer} with our ring, on a few images of noise.
 *
 * @param slots of a step
 * @param world number of ranks
 * @param epochs of the run
 * @param keepProbability a schedule
 * @param learningRate a schedule
 * @param average of its weights, if there is one
 */
public record SmallRun(
    Slots slots,
    int world,
    int epochs,
    String keepProbability,
    String learningRate,
    Optional<WeightAverage> average) {
  public static final int CLASSES = 5;
  public static final int SIZE = 16;
  static final long SEED = 7;

  /** A stream a rank, with a micro-batch in each step. */
  public SmallRun(
      int world,
      int localBatch,
      int epochs,
      String keepProbability,
      String learningRate,
      Optional<WeightAverage> average) {
    this(
        Slots.ofRanks(world, 1, localBatch), world, epochs, keepProbability, learningRate, average);
  }

  /** Without an average. */
  public SmallRun(
      int world, int localBatch, int epochs, String keepProbability, String learningRate) {
    this(world, localBatch, epochs, keepProbability, learningRate, Optional.empty());
  }

  /** Stores images to train on, and some to validate on. */
  public static DatasetManifest store(Path folder, int images) throws IOException {
    return TestShards.manifest(
        List.of(
            TestShards.write(
                folder, "train-00000.parquet", TestShards.records("train", images, CLASSES), 64)),
        List.of(
            TestShards.write(
                folder, "val-00000.parquet", TestShards.records("val", 8, CLASSES), 64)),
        CLASSES);
  }

  /** Trains and returns what the last checkpoint holds. */
  ComputationGraph train(
      JavaSparkContext spark,
      Path data,
      DatasetManifest manifest,
      ComputationGraph network,
      Path folder)
      throws IOException {
    RunFolder run =
        RunFolder.create(
            new org.apache.hadoop.fs.Path(folder.toString()), "name: small\n", new Configuration());
    goOn(spark, data, manifest, network, run, event -> {});
    return run.checkpoints().latest(line -> {}).orElseThrow().network().restore();
  }

  /**
   * Trains from the newest checkpoint of a run, or from its start, to its end; evaluates then.
   *
   * @param more called behind evaluation and checkpoints
   */
  void goOn(
      JavaSparkContext spark,
      Path data,
      DatasetManifest manifest,
      ComputationGraph network,
      RunFolder run,
      Consumer<RunEvent> watcher,
      EpochHook... more)
      throws IOException {
    goOn(spark, data, manifest, network, run, epochs, watcher, more);
  }

  /**
   * The same.
   *
   * @param evaluateEvery epochs between two evaluations
   */
  void goOn(
      JavaSparkContext spark,
      Path data,
      DatasetManifest manifest,
      ComputationGraph network,
      RunFolder run,
      int evaluateEvery,
      Consumer<RunEvent> watcher,
      EpochHook... more)
      throws IOException {
    SerializableConfiguration hadoop = new SerializableConfiguration(new Configuration());
    RankFeed feed =
        new RankFeed(
            source(data, manifest, Split.TRAIN, new PadCrop(SIZE, 2, true)),
            new Classification(CLASSES),
            hadoop,
            slots,
            world,
            2);
    Evaluation evaluation =
        new Evaluation(
                new Classification(CLASSES),
                source(data, manifest, Split.VAL, new CentreCrop(SIZE)),
                hadoop,
                world,
                slots.localBatch(),
                2)
            .onSlots(EvaluationSlots.of(spark.getConf()).count());
    TrainingPlan plan =
        new TrainingPlan(
            epochs,
            feed.stepsPerEpoch(),
            feed.stepsPerEpoch(),
            Schedule.parse(keepProbability),
            Schedule.parse(learningRate),
            SEED,
            average);
    Trainer.Settings settings =
        new Trainer.Settings(
            "small",
            "name: small\n",
            plan,
            new Averaging(Averaging.Way.RING, 1, PortRange.any(), ring(spark)),
            RankLimits.fixed(feed.world()),
            SlotShare.whole(),
            RecoverySettings.defaults(),
            network.numParams(),
            WatchedLayers.some());
    List<EpochHook> hooks =
        new ArrayList<>(hooks(spark, run, feed, evaluation, plan, evaluateEvery, 1, 4));
    hooks.addAll(List.of(more));
    new Trainer(spark, run, settings, hooks, watcher)
        .run(network, feed, Beginning.of(run.checkpoints().latest(line -> {})));
  }

  private static RingSettings ring(JavaSparkContext spark) {
    OwnSetting silence = OwnSetting.RING_SILENCE;
    return RingSettings.defaults()
        .withSilence(
            Duration.ofMillis(spark.getConf().getTimeAsMs(silence.key(), silence.otherwise())));
  }

  /** Evaluation and checkpoints, the recipe being {@code name: small}. */
  static List<EpochHook> hooks(
      JavaSparkContext spark,
      RunFolder run,
      RankFeed feed,
      Evaluation evaluation,
      TrainingPlan plan,
      int evaluateEvery,
      int keep,
      int everySteps) {
    return List.of(
        new Evaluate(spark, evaluation, evaluateEvery, plan.epochs()),
        new KeepCheckpoints(
            run,
            run.files().getConf(),
            "name: small\n",
            feed.globalBatch(),
            Beginning.of(Optional.empty()).origin(feed),
            keep,
            everySteps));
  }

  /**
   * A convolution, what comes between, and an output.
   *
   * @param between adds what follows the vertex "conv"; its last one is to be called "last"
   */
  public static ComputationGraph network(IUpdater updater, Consumer<GraphBuilder> between) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(updater)
            .l2(.001)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.convolutional(SIZE, SIZE, 3))
            .addLayer(
                "conv",
                new ConvolutionLayer.Builder(3, 3)
                    .stride(2, 2)
                    .nOut(4)
                    .activation(Activation.TANH)
                    .build(),
                "in");
    between.accept(graph);
    graph
        .addLayer(
            "out",
            new OutputLayer.Builder(new SmoothedCrossEntropy(0))
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build(),
            "last")
        .setOutputs("out");
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    return network;
  }

  private static FeedSource source(
      Path data, DatasetManifest manifest, Split split, ImageTransform transform) {
    return new FeedSource(
        data.toString(),
        manifest,
        split,
        new ClassPreprocessing(transform),
        Normalization.IMAGENET);
  }
}
