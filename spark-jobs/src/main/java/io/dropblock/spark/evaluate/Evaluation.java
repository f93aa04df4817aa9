package io.dropblock.spark.evaluate;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.io.Serializable;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures networks on a data set: one Spark job, one task a rank, every image exactly once. Each
 * task folds the batch normalisations of its copy into the convolutions.
 *
 * @param source the split to measure on and what is done to its images
 * @param configuration Hadoop's settings of the driver
 * @param world number of tasks, at least 1
 * @param localBatch images of a batch, at least 1
 * @param prefetch batches read ahead, at least 1
 */
public record Evaluation(
    FeedSource source,
    SerializableConfiguration configuration,
    int world,
    int localBatch,
    int prefetch)
    implements Serializable {

  /**
   * Measures a network.
   *
   * @return top-1 and top-5 accuracy
   */
  public TopKAccuracy.Result run(JavaSparkContext spark, NetworkState network) {
    Broadcast<NetworkState> broadcast = spark.broadcast(network);
    try {
      return merged(
              spark
                  .parallelize(IntStream.range(0, world).boxed().toList(), world)
                  .map(rank -> measure(broadcast.value(), rank)))
          .result();
    } finally {
      broadcast.destroy();
    }
  }

  /** In the order of the ranks, whichever ends first: a sum of doubles depends on its order. */
  static TopKAccuracy merged(JavaRDD<TopKAccuracy> ofRanks) {
    return ofRanks.collect().stream().reduce(TopKAccuracy::merge).orElseThrow();
  }

  private TopKAccuracy measure(NetworkState state, int rank) {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores cores = RankCores.ofThisTask();
    cores.take();
    TopKAccuracy accuracy = new TopKAccuracy(1, 5);
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), world, rank, localBatch);
    ComputationGraph network = FoldedNetwork.of(state.restore());
    try (Feed feed =
        Feed.open(
            source, order, FeedSettings.of(cores.readers(), prefetch), configuration.value())) {
      while (feed.hasNext()) {
        Batch batch = feed.next();
        INDArray images =
            FloatArrays.over(
                batch.pixels(), batch.size(), batch.channels(), batch.height(), batch.width());
        accuracy.add(network.outputSingle(images), batch.labels());
        feed.giveBack(batch);
      }
    }
    return accuracy;
  }
}
