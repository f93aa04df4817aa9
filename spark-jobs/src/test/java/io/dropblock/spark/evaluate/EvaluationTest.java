package io.dropblock.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Scores;
import io.dropblock.metric.TopKAccuracy;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.NetworkState;
import io.dropblock.onednn.OneDnn;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.evaluate.example.Example;
import io.dropblock.spark.evaluate.example.ExampleLimits;
import io.dropblock.spark.evaluate.example.Examples;
import io.dropblock.spark.objective.Classification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network that has learned its few images a little, measured on the cluster and by hand. */
class EvaluationTest {
  private static final int IMAGES = 230;
  private static final int CLASSES = 10;
  private static final int WORLD = 2;
  private static final int RANKS = 8;
  private static final int SIZE = 16;

  private static final Map<Integer, CountDownLatch> DONE = new ConcurrentHashMap<>();

  @TempDir private static Path folder;
  private static FeedSource source;

  @BeforeAll
  static void prepare() throws IOException {
    OneDnn.enable();
    var records = TestShards.records("train", IMAGES, CLASSES);
    var shard = TestShards.write(folder, "train-00000.parquet", records, 64);
    source =
        new FeedSource(
            folder.toString(),
            TestShards.manifest(List.of(shard), List.of(), CLASSES),
            Split.TRAIN,
            new ClassPreprocessing(new CentreCrop(SIZE)),
            Normalization.IMAGENET);
  }

  @Test
  void theFoldedNetworkIsAsAccurateAsTheTrainedOne() {
    ComputationGraph network = trained();
    TopKAccuracy byHand = new TopKAccuracy(1, 5);
    forEachBatch(batch -> byHand.add(network.outputSingle(pixels(batch)), labels(batch)));
    Scores expected = byHand.scores();
    assertThat(expected.primary().value()).as("neither guessed nor perfect").isBetween(.15, .95);

    Evaluation.Result found;
    try (JavaSparkContext spark = LocalSpark.start(WORLD)) {
      found =
          new Evaluation(
                  new Classification(CLASSES),
                  source,
                  new SerializableConfiguration(new Configuration()),
                  WORLD,
                  16,
                  2)
              .run(spark, NetworkState.of(network));
    }

    assertThat(found.images()).isEqualTo(IMAGES);
    assertThat(found.scores().main()).isEqualTo(expected.main());
    double entropy = expected.value("cross entropy").orElseThrow();
    assertThat(found.scores().value("cross entropy").orElseThrow())
        .isCloseTo(entropy, within(1e-5 * entropy));
  }

  /** Chosen by sorting what the network says of all images, and by 1, 2 and 4 ranks. */
  @Test
  void anyNumberOfRanksShowsTheSameImages() {
    ComputationGraph network = trained();
    List<Double> losses = new ArrayList<>();
    forEachBatch(
        batch -> {
          float[][] said = network.outputSingle(pixels(batch)).toFloatMatrix();
          for (int i = 0; i < said.length; i++) {
            losses.add(-Math.log(said[i][labels(batch)[i]]));
          }
        });
    List<Long> worst =
        IntStream.range(0, IMAGES)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -losses.get(i)))
            .limit(8)
            .map(Integer::longValue)
            .toList();
    try (JavaSparkContext spark = LocalSpark.start(4)) {
      for (int world : new int[] {1, 2, 4}) {
        Examples shown = shown(world).run(spark, NetworkState.of(network)).examples();
        assertThat(shown.worst()).extracting(Example::place).isEqualTo(worst);
        assertThat(shown.worst().get(0).loss())
            .isCloseTo(losses.get(worst.get(0).intValue()), within(1e-4));
        assertThat(shown.right()).hasSize(4).allMatch(Example::right);
        long counted = 0;
        for (int pair = 0; pair < CLASSES * CLASSES; pair++) {
          counted += shown.pairs().count(pair / CLASSES, pair % CLASSES);
        }
        assertThat(counted).isEqualTo(IMAGES);
        assertThat(tile(shown.worst().get(0))).isEqualTo(image(worst.get(0)));
      }
    }
  }

  /** Not a bit differs, though sums of doubles do, and a task measures for several ranks. */
  @Test
  void theNumberOfTasksDoesNotMatter() throws Exception {
    NetworkState network = NetworkState.of(trained());
    try (JavaSparkContext spark = LocalSpark.start(4)) {
      Evaluation.Result expected = shown(RANKS).run(spark, network);
      assertThat(shown(2).run(spark, network).scores()).isNotEqualTo(expected.scores());
      for (int slots : new int[] {1, 2, 3, 5, 9}) {
        List<Integer> tasks = new CopyOnWriteArrayList<>();
        spark
            .sc()
            .addSparkListener(
                new SparkListener() {
                  @Override
                  public void onTaskStart(SparkListenerTaskStart start) {
                    tasks.add(start.taskInfo().index());
                  }
                });
        Evaluation.Result found = shown(RANKS).onSlots(slots).run(spark, network);
        assertThat(found.scores()).isEqualTo(expected.scores());
        assertThat(found.images()).isEqualTo(IMAGES);
        assertThat(found.examples().worst())
            .extracting(Example::place)
            .isEqualTo(expected.examples().worst().stream().map(Example::place).toList());
        spark.sc().listenerBus().waitUntilEmpty(10_000);
        assertThat(tasks).hasSize(Math.min(slots, RANKS));
      }
    }
  }

  private static Evaluation shown(int world) {
    return new Evaluation(
            new Classification(CLASSES),
            source,
            new SerializableConfiguration(new Configuration()),
            world,
            16,
            2)
        .showing(ExampleLimits.SHEET);
  }

  private static byte[] tile(Example example) {
    return example.exhibit().panels().get(0).tile().image().rgb();
  }

  /** An image of the split before it was normalised. */
  private static byte[] image(long place) {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    AtomicLong first = new AtomicLong();
    forEachBatch(
        batch -> {
          int index = (int) (place - first.getAndAdd(batch.size()));
          for (int i = 0; index >= 0 && index < batch.size() && i < rgb.length; i++) {
            int channel = i % 3;
            float value = batch.pixels().get((3 * index + channel) * SIZE * SIZE + i / 3);
            float std = Normalization.IMAGENET.std().get(channel);
            rgb[i] = (byte) Math.round(value * std + Normalization.IMAGENET.mean().get(channel));
          }
        });
    return rgb;
  }

  /** Each rank but the last waits until the one behind it is done. */
  @Test
  void ranksAreAddedUpInTheirOrder() {
    List<Float> probabilities = List.of(.1f, .37f, .83f, .05f);
    TopKAccuracy expected = measured(probabilities.get(0));
    probabilities.subList(1, 4).forEach(one -> expected.merge(measured(one)));
    TopKAccuracy backwards = measured(probabilities.get(3));
    for (int rank = 2; rank >= 0; rank--) {
      backwards.merge(measured(probabilities.get(rank)));
    }
    assertThat(backwards.scores()).isNotEqualTo(expected.scores());
    DONE.clear();
    for (int rank = 0; rank < 4; rank++) {
      DONE.put(rank, new CountDownLatch(1));
    }
    try (JavaSparkContext spark = LocalSpark.start(4)) {
      JavaRDD<Evaluation.Part<TopKAccuracy>> ofRanks =
          spark
              .parallelize(List.of(0, 1, 2, 3), 4)
              .map(
                  rank -> {
                    if (rank < 3) {
                      DONE.get(rank + 1).await();
                    }
                    TaskCompletionListener done = task -> DONE.get(rank).countDown();
                    TaskContext.get().addTaskCompletionListener(done);
                    return new Evaluation.Part<>(
                        measured(probabilities.get(rank)), 1, new Examples(ExampleLimits.NONE));
                  });
      Evaluation.Part<TopKAccuracy> merged = Evaluation.merged(ofRanks);
      assertThat(merged.images()).isEqualTo(4);
      assertThat(merged.metric().scores()).isEqualTo(expected.scores());
    }
  }

  private static TopKAccuracy measured(float probability) {
    TopKAccuracy accuracy = new TopKAccuracy(1, 5);
    return accuracy.add(new float[] {probability, 1 - probability}, 0);
  }

  private static ComputationGraph trained() {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 8), CLASSES)
            .network(
                new MapShape(3, SIZE, SIZE),
                Regularization.dropBlock(3, List.of(3)),
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    network.setLearningRate(.05);
    DropBlockSites sites = DropBlockSites.of(network);
    for (int pass = 0; pass < 4; pass++) {
      forEachBatch(
          batch -> {
            sites.set(new DropBlockStep(.9, 1, network.getIterationCount(), 0));
            INDArray labels = new Classification(CLASSES).labels(batch.targets())[0];
            network.fit(new INDArray[] {pixels(batch)}, new INDArray[] {labels});
          });
    }
    return network;
  }

  private static int[] labels(Batch batch) {
    return ((ClassTargets) batch.targets()).labels();
  }

  private static void forEachBatch(Consumer<Batch> use) {
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, 32);
    try (Feed feed = Feed.open(source, order, FeedSettings.of(1, 2), new Configuration())) {
      while (feed.hasNext()) {
        use.accept(feed.next());
      }
    }
  }

  private static INDArray pixels(Batch batch) {
    return Nd4j.createFromArray(Pixels.of(batch.pixels()))
        .reshape('c', batch.size(), 3, SIZE, SIZE);
  }
}
