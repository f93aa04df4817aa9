package io.dropblock.spark.analyze;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.NamedParameters;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.evaluate.SplitImages;
import io.dropblock.spark.objective.Classification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A few images, and a network that has learned them a little.
 *
 * @param source of the images
 */
record FewImages(FeedSource source) {
  static final int IMAGES = 230;
  static final int CLASSES = 10;
  static final int SIZE = 16;

  static final String FEATURES = "group3/block0/sum";
  static final String OUTPUT = "head/softmax";

  static FewImages in(Path folder) throws IOException {
    var records = TestShards.records("train", IMAGES, CLASSES);
    var shard = TestShards.write(folder, "train-00000.parquet", records, 64);
    return new FewImages(
        new FeedSource(
            folder.toString(),
            TestShards.manifest(List.of(shard), List.of(), CLASSES),
            Split.TRAIN,
            new ClassPreprocessing(new CentreCrop(SIZE)),
            Normalization.IMAGENET));
  }

  SplitImages split(int world, int localBatch) {
    return new SplitImages(
        source, new SerializableConfiguration(new Configuration()), world, localBatch, 2);
  }

  static ComputationGraph network(Regularization regularization) {
    return Architecture.classifier(new CifarResNet(8, 8), CLASSES)
        .network(
            new MapShape(3, SIZE, SIZE),
            regularization,
            new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
            1);
  }

  /** Without anything that drops. */
  ComputationGraph trained() {
    ComputationGraph network = network(Regularization.none());
    network.setLearningRate(.05);
    for (int pass = 0; pass < 4; pass++) {
      forEachBatch(
          32,
          (batch, place) -> {
            INDArray labels = new Classification(CLASSES).labels(batch.targets())[0];
            network.fit(new INDArray[] {pixels(batch)}, new INDArray[] {labels});
          });
    }
    return network;
  }

  /** The same network with sites that drop. */
  static ComputationGraph with(Regularization regularization, ComputationGraph trained) {
    ComputationGraph network = network(regularization);
    Map<String, INDArray> from = NamedParameters.of(trained).values();
    NamedParameters.of(network).values().forEach((name, values) -> values.assign(from.get(name)));
    return network;
  }

  void forEachBatch(int size, ObjLongConsumer<Batch> use) {
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, size);
    long place = 0;
    try (Feed feed = Feed.open(source, order, FeedSettings.of(1, 2), new Configuration())) {
      while (feed.hasNext()) {
        Batch batch = feed.next();
        use.accept(batch, place);
        place += batch.size();
      }
    }
  }

  static INDArray pixels(Batch batch) {
    return Nd4j.createFromArray(Pixels.of(batch.pixels()))
        .reshape('c', batch.size(), 3, SIZE, SIZE);
  }
}
