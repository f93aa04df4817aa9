package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.GradientAccumulation;
import io.dropblock.onednn.OneDnn;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.mix.BatchMix;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.objective.Classification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.MultiDataSet;

/** A network on mixed images, from the feed's memory to the loss of its step. */
class MixedTrainingTest {
  private static final int CLASSES = 5;
  private static final int SIZE = 16;
  private static final int IMAGES = 8;

  @TempDir private Path folder;
  private FeedSource source;

  @BeforeEach
  void store() throws IOException {
    OneDnn.enable();
    var shard =
        TestShards.write(
            folder, "train-00000.parquet", TestShards.records("train", 48, CLASSES), 64);
    source =
        new FeedSource(
            folder.toString(),
            TestShards.manifest(List.of(shard), List.of(), CLASSES),
            Split.TRAIN,
            new ClassPreprocessing(new PadCrop(SIZE, 2, true), BatchMix.of(0.4, 1)),
            Normalization.IMAGENET);
  }

  private Feed open(int accumulation) {
    EpochOrder order = EpochOrder.shuffled(source.blockSizes(), 1, 0, 1, 0, IMAGES, accumulation);
    return Feed.open(source, order, FeedSettings.of(2, 2), new Configuration());
  }

  /** The loss of a mix is the mix of the losses, and a step reports that of its micro-batches. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aStepsLossIsTheMixOfTheLosses(int accumulation) {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 8), CLASSES)
            .network(
                new MapShape(3, SIZE, SIZE),
                Regularization.none(),
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(0)),
                1);
    network.setLearningRate(.05);
    double expected = 0;
    try (Feed feed = open(accumulation)) {
      for (int i = 0; i < accumulation; i++) {
        Batch batch = feed.next();
        float[] rows = Pixels.of(((ClassTargets) batch.targets()).numbers());
        double weight = rows[2];
        double loss =
            weight * score(network, batch, rows, 0) + (1 - weight) * score(network, batch, rows, 1);
        expected += loss / accumulation;
      }
    }
    var before = network.params().dup();
    try (Feed feed = open(accumulation)) {
      StepBatch step =
          StepBatch.next(
              feed, accumulation, (long) IMAGES * accumulation, new Classification(CLASSES));
      assertThat(step.getLabels(0).shape()).containsExactly(IMAGES, 3);
      new GradientAccumulation(network).fit(step.microBatches());
      step.done();
    }
    assertThat(network.score()).isCloseTo(expected, within(1e-5));
    assertThat(network.params()).isNotEqualTo(before);
  }

  /** By the plain labels of one column. */
  private static double score(ComputationGraph network, Batch batch, float[] rows, int column) {
    float[] labels = new float[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = rows[3 * i + column];
    }
    return network.score(
        new MultiDataSet(
            FloatArrays.of(Pixels.of(batch.pixels()), IMAGES, 3, SIZE, SIZE),
            FloatArrays.of(labels, IMAGES, 1)),
        true);
  }
}
