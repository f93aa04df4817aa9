package io.dropblock.spark.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.DropBlock;
import io.dropblock.nn.FloatArrays;
import io.dropblock.schedule.Linear;
import io.dropblock.spark.allreduce.DropBlockHook;
import io.dropblock.spark.allreduce.KeptReplicas;
import io.dropblock.spark.allreduce.RingAveraging;
import io.dropblock.spark.allreduce.RingTrainingMaster;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.objective.OneHotClassification;
import io.dropblock.spark.page.Repository;
import io.dropblock.spark.train.step.StoredEpochs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The programs of docs/how-to/bring-your-training-loop.md on two ranks inside this JVM, against a
 * plain loop in one network, and the page, held against them.
 */
class OwnLoopTest {
  private static final Path PAGE =
      Repository.ROOT.resolve("docs/how-to/bring-your-training-loop.md");
  private static final Path SOURCES = Path.of("src/test/java/io/dropblock/spark/loop");
  private static final Map<String, String> SPARK =
      Map.of("spark.master", "local[2]", "spark.ui.enabled", "false");

  // Those of OwnLoop.
  private static final int EPOCHS = 5;
  private static final long SEED = 1;
  private static final Slots SLOTS = Slots.of(4, 8);

  private static final double RATE = .02;
  private static final double MOMENTUM = .9;

  @TempDir private static Path folder;
  private static Path data;

  @BeforeAll
  static void prepare() throws IOException {
    SPARK.forEach(System::setProperty);
    data = Files.createDirectory(folder.resolve("data"));
    ColouredImages.write(data, 134);
  }

  @AfterAll
  static void clear() {
    SPARK.keySet().forEach(System::clearProperty);
  }

  @Test
  void theProgramTrainsAsAPlainLoopDoes() throws IOException {
    File file = folder.resolve("network.zip").toFile();
    network().save(file);
    OwnLoop.main(new String[] {data.toString(), file.toString(), "2"});
    ComputationGraph trained = ComputationGraph.load(file, true);
    List<ComputationGraph> ranks = KeptReplicas.networks();
    assertThat(ranks).hasSize(2);
    for (ComputationGraph rank : ranks) {
      assertThat(rank.params().toFloatVector()).isEqualTo(trained.params().toFloatVector());
    }

    ComputationGraph plain = network();
    INDArray before = plain.params().dup();
    PlainLoop loop = new PlainLoop(plain, SEED, RATE, MOMENTUM);
    List<Double> losses = new ArrayList<>();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      double keep = new Linear(1, .9).at(epoch / (EPOCHS - 1.0));
      List<List<DataSet>> steps = steps(epoch);
      assertThat(steps).hasSize(4);
      for (List<DataSet> step : steps) {
        losses.add(loop.step(step, keep));
      }
    }
    assertThat(trained.getConfiguration().getIterationCount()).isEqualTo(losses.size());
    assertThat(trained.params().distance2(before)).isGreaterThan(.1);
    assertThat(relative(trained.params().distance2(plain.params()), plain.params()))
        .isLessThan(1e-5);

    DataSet all = DataSet.merge(steps(0).stream().flatMap(List::stream).toList());
    assertThat(trained.score(all)).isLessThan(.5 * network().score(all));

    File alone = folder.resolve("alone.zip").toFile();
    network().save(alone);
    OwnLoop.main(new String[] {data.toString(), alone.toString(), "1"});
    assertThat(ComputationGraph.load(alone, true).params().toFloatVector())
        .as("on one rank")
        .isEqualTo(trained.params().toFloatVector());
  }

  @Test
  void batchesOfOnesOwnTrainAsAPlainLoopDoes() {
    List<List<DataSet>> steps = steps(0);
    List<DataSet> ofRanks = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      for (List<DataSet> step : steps) {
        ofRanks.add(step.get(rank));
      }
    }
    ComputationGraph plain = network();
    PlainLoop loop = new PlainLoop(plain, SEED, RATE, MOMENTUM);
    double loss = 0;
    for (List<DataSet> step : steps) {
      loss += loop.step(step.subList(0, 2), .8) / steps.size();
    }
    ComputationGraph network = network();
    RingTrainingMaster ring = new RingTrainingMaster(RingAveraging.ofGradients(2));
    DropBlockHook drop = new DropBlockHook(SEED);
    ring.addHook(drop);
    drop.keep(.8);
    try (JavaSparkContext spark = spark()) {
      // page begins
      JavaRDD<DataSet> batches = spark.parallelize(ofRanks, 2);
      SparkComputationGraph graph = new SparkComputationGraph(spark, network, ring);
      graph.fit(batches);
      // page ends
    }
    assertThat(network.params().distance2(network().params())).isGreaterThan(.03);
    assertThat(relative(network.params().distance2(plain.params()), plain.params()))
        .isLessThan(1e-5);
    assertThat(ring.meanScore()).isCloseTo(loss, within(1e-5));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (JavaSparkContext spark = spark()) {
      OneHotClassification labels = new OneHotClassification(ColouredImages.CLASSES);
      StoredEpochs images = new StoredEpochs(spark, source(), labels, SLOTS, 2, SEED);
      StoredEpochs single = new StoredEpochs(spark, source(), labels, Slots.of(2, 8), 2, SEED);
      assertThatThrownBy(() -> single.epoch(0).collect())
          .hasStackTraceContaining("Cannot send a batch to another task: batches of a prepared");
      assertThat(images.steps()).isEqualTo(4);
      assertThatThrownBy(() -> images.epoch(-1))
          .hasMessage("Invalid epoch: -1, first step -4: both from 0");
      assertThatThrownBy(() -> images.epoch(0).collect())
          .hasStackTraceContaining("Cannot train step 1 on the batch of step 0: batches of a");
      SparkComputationGraph graph =
          new SparkComputationGraph(
              spark, network(), new RingTrainingMaster(RingAveraging.ofGradients(1)));
      assertThatThrownBy(() -> graph.fitMultiDataSet(images.epoch(0)))
          .hasStackTraceContaining("with as many ranks as they were made for; do not collect");
      SparkComputationGraph untold =
          new SparkComputationGraph(
              spark, network(), new RingTrainingMaster(RingAveraging.ofGradients(2)));
      untold.getTrainingMaster().addHook(new DropBlockHook(SEED));
      assertThatThrownBy(() -> untold.fitMultiDataSet(images.epoch(0)))
          .hasStackTraceContaining("no keep probability is set; call keep(...)");
      assertThatThrownBy(() -> new StoredEpochs(spark, source(), labels, SLOTS, 5, SEED))
          .hasMessage("Invalid share: rank 0 of 5, 4 slots");
    }
    assertThatThrownBy(() -> new DropBlockHook(SEED).keep(1.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DropBlockHook(SEED).keep(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePageHoldsThePrograms() throws IOException {
    List<String> page = Files.readAllLines(PAGE);
    List<String> program = Files.readAllLines(SOURCES.resolve("OwnLoop.java"));
    assertThat(block(page, 0)).as("the first block of the page is OwnLoop.java").isEqualTo(program);
    List<String> test = Files.readAllLines(SOURCES.resolve("OwnLoopTest.java"));
    List<String> stripped = test.stream().map(String::strip).toList();
    List<String> region =
        test.subList(stripped.indexOf("// page begins") + 1, stripped.indexOf("// page ends"));
    assertThat(block(page, 1))
        .as("the second block of the page is the region of this test, less its indentation")
        .isEqualTo(region.stream().map(String::stripIndent).map(String::strip).toList());
  }

  /** A block of Java, from 0. */
  private static List<String> block(List<String> page, int number) {
    int start = 0;
    for (int i = 0; i <= number; i++) {
      start += page.subList(start, page.size()).indexOf("```java") + 1;
    }
    return page.subList(start, start + page.subList(start, page.size()).indexOf("```"));
  }

  private static JavaSparkContext spark() {
    return new JavaSparkContext(
        new SparkConf().setAppName("test").set("spark.stage.maxConsecutiveAttempts", "1"));
  }

  private static FeedSource source() {
    return FeedSource.open(
        data.toString(),
        Split.TRAIN,
        new ClassPreprocessing(new PadCrop(ColouredImages.SIZE, 4, true)),
        Normalization.CIFAR10,
        new Configuration());
  }

  /** The micro-batches of each step of an epoch. */
  private static List<List<DataSet>> steps(int epoch) {
    FeedSource source = source();
    EpochOrder order = EpochOrder.shuffled(source.blockSizes(), SEED, epoch, SLOTS, SLOTS.all());
    FeedSettings settings = FeedSettings.of(1, 1).at((long) epoch * order.steps(), 0);
    List<List<DataSet>> steps = new ArrayList<>();
    try (Feed feed = Feed.open(source, order, settings, new Configuration())) {
      while (feed.hasNext()) {
        List<DataSet> step = new ArrayList<>();
        for (int slot = 0; slot < SLOTS.count(); slot++) {
          step.add(copy(feed.next()));
        }
        steps.add(step);
      }
    }
    return steps;
  }

  private static DataSet copy(Batch batch) {
    INDArray labels = Nd4j.zeros(batch.size(), ColouredImages.CLASSES);
    int[] classes = ((ClassTargets) batch.targets()).labels();
    for (int image = 0; image < batch.size(); image++) {
      labels.putScalar(image, classes[image], 1);
    }
    return new DataSet(
        FloatArrays.of(
            Pixels.of(batch.pixels()),
            batch.size(),
            batch.channels(),
            batch.height(),
            batch.width()),
        labels);
  }

  private static double relative(double distance, INDArray of) {
    return distance / of.norm2Number().doubleValue();
  }

  /** DL4J's own layers but for DropBlock. */
  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Nesterovs(RATE, MOMENTUM))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(ColouredImages.SIZE, ColouredImages.SIZE, 3))
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(5, 5)
                        .stride(4, 4)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build(),
                    "in")
                .addLayer("drop", new DropBlock.Builder().blockSize(3).build(), "conv")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(ColouredImages.CLASSES)
                        .build(),
                    "drop")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
