package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.objective.Classification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What a network reads is the feed's own memory, until it says that it is done. */
class StepBatchTest {
  private static final Classification OBJECTIVE = new Classification(StepBatchTest.CLASSES);
  private static final int CLASSES = 5;
  private static final int SIZE = 16;
  private static final int STEPS = 6;
  private static final int PREFETCH = 2;

  @TempDir private static Path folder;
  private static FeedSource source;

  @BeforeAll
  static void store() throws IOException {
    OneDnn.enable();
    var shard =
        TestShards.write(
            folder, "train-00000.parquet", TestShards.records("train", 150, CLASSES), 64);
    source =
        new FeedSource(
            folder.toString(),
            TestShards.manifest(List.of(shard), List.of(), CLASSES),
            Split.TRAIN,
            new ClassPreprocessing(new PadCrop(SIZE, 2, true)),
            Normalization.IMAGENET);
  }

  private static Feed open(int accumulation) {
    EpochOrder order = EpochOrder.shuffled(source.blockSizes(), 1, 0, 1, 0, 8, accumulation);
    return Feed.open(
        source, order, FeedSettings.of(2, PREFETCH).between(0, 0, STEPS), new Configuration());
  }

  /** Each in memory of its own, as nothing is given back. */
  private static List<Batch> kept(int accumulation) {
    List<Batch> batches = new ArrayList<>();
    try (Feed feed = open(accumulation)) {
      feed.forEachRemaining(batches::add);
    }
    assertThat(batches).hasSize(STEPS * accumulation);
    return batches;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void imagesStayUntilTheNextMicroBatchIsAskedFor(int accumulation) throws InterruptedException {
    Iterator<Batch> expected = kept(accumulation).iterator();
    try (Feed feed = open(accumulation)) {
      for (int step = 0; step < STEPS; step++) {
        StepBatch batch = StepBatch.next(feed, accumulation, 8L * accumulation, OBJECTIVE);
        for (MultiDataSet micro : batch.microBatches()) {
          INDArray images = micro.getFeatures(0);
          // the feed makes all that it may meanwhile
          Thread.sleep(30);
          assertThat(images.dup('c').data().asFloat())
              .isEqualTo(Pixels.of(expected.next().pixels()));
        }
        batch.done();
        assertThat(batch.getFeatures()).isNull();
        // a second time is none: else two batches would be made in the same memory
        batch.done();
      }
    }
  }

  @Test
  void aFewMemoriesDoForAllSteps() {
    Set<Long> addresses = new HashSet<>();
    try (Feed feed = open(1)) {
      for (int step = 0; step < STEPS; step++) {
        StepBatch batch = StepBatch.next(feed, 1, 8, OBJECTIVE);
        addresses.add(batch.getFeatures(0).data().addressPointer().address());
        batch.done();
      }
    }
    // those that are ahead, and the one that is read
    assertThat(addresses).hasSizeLessThanOrEqualTo(PREFETCH + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aNetworkLearnsWhatItLearnsFromCopies(int accumulation) {
    ComputationGraph one = network();
    ComputationGraph other = network();
    other.setParams(one.params().dup());
    GradientAccumulation copied = new GradientAccumulation(one);
    GradientAccumulation shared = new GradientAccumulation(other);
    List<Batch> kept = kept(accumulation);
    INDArray before = one.params().dup();
    try (Feed feed = open(accumulation)) {
      for (int step = 0; step < STEPS; step++) {
        copied.fit(
            kept.subList(step * accumulation, (step + 1) * accumulation).stream()
                .map(StepBatchTest::copy)
                .toList());
        StepBatch batch = StepBatch.next(feed, accumulation, 8L * accumulation, OBJECTIVE);
        shared.fit(batch.microBatches());
        batch.done();
        assertThat(other.score()).isEqualTo(one.score());
        assertThat(other.params()).isEqualTo(one.params());
      }
    }
    assertThat(one.params()).isNotEqualTo(before);
  }

  private static MultiDataSet copy(Batch batch) {
    int[] classes = ((ClassTargets) batch.targets()).labels();
    float[] labels = new float[classes.length];
    for (int sample = 0; sample < labels.length; sample++) {
      labels[sample] = classes[sample];
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(
        FloatArrays.of(Pixels.of(batch.pixels()), batch.size(), 3, SIZE, SIZE),
        FloatArrays.of(labels, batch.size(), 1));
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 8), CLASSES)
            .network(
                new MapShape(3, SIZE, SIZE),
                Regularization.none(),
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    network.setLearningRate(.05);
    return network;
  }
}
