package io.dropblock.spark.evaluate;

import io.dropblock.metric.Metric;
import io.dropblock.metric.Scores;
import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.objective.Objective;
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
 * @param objective how it is measured
 * @param source the split to measure on and what is done to its images
 * @param configuration Hadoop's settings of the driver
 * @param world number of tasks, at least 1
 * @param localBatch images of a batch, at least 1
 * @param prefetch batches read ahead, at least 1
 */
public record Evaluation(
    Objective<?> objective,
    FeedSource source,
    SerializableConfiguration configuration,
    int world,
    int localBatch,
    int prefetch)
    implements Serializable {

  /**
   * What was measured.
   *
   * @param scores of all images
   * @param images how many
   * @param metric all that was counted
   */
  public record Result(Scores scores, long images, Metric<?> metric) {}

  /** The same by another objective. */
  public Evaluation by(Objective<?> other) {
    return new Evaluation(other, source, configuration, world, localBatch, prefetch);
  }

  /**
   * Measures a network.
   *
   * @return its primary score is NaN if an output was not finite
   */
  public Result run(JavaSparkContext spark, NetworkState network) {
    return run(objective, spark, network);
  }

  private <M extends Metric<M>> Result run(
      Objective<M> by, JavaSparkContext spark, NetworkState network) {
    Broadcast<NetworkState> broadcast = spark.broadcast(network);
    try {
      Part<M> whole =
          merged(
              spark
                  .parallelize(IntStream.range(0, world).boxed().toList(), world)
                  .map(rank -> measure(by, broadcast.value(), rank)));
      return new Result(whole.metric().scores(), whole.images(), whole.metric());
    } finally {
      broadcast.destroy();
    }
  }

  /** What one task counted. */
  record Part<M extends Metric<M>>(M metric, long images) implements Serializable {

    Part<M> merge(Part<M> other) {
      return new Part<>(metric.merge(other.metric), images + other.images);
    }
  }

  /** In the order of the ranks, whichever ends first: a sum of doubles depends on its order. */
  static <M extends Metric<M>> Part<M> merged(JavaRDD<Part<M>> ofRanks) {
    return ofRanks.collect().stream().reduce(Part::merge).orElseThrow();
  }

  private <M extends Metric<M>> Part<M> measure(Objective<M> by, NetworkState state, int rank) {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores cores = RankCores.ofThisTask();
    cores.take();
    M metric = by.metric();
    long images = 0;
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), world, rank, localBatch);
    ComputationGraph network = FoldedNetwork.of(state.restore());
    try (Feed feed =
        Feed.open(
            source, order, FeedSettings.of(cores.readers(), prefetch), configuration.value())) {
      while (feed.hasNext()) {
        Batch batch = feed.next();
        INDArray pixels =
            FloatArrays.over(
                batch.pixels(), batch.size(), batch.channels(), batch.height(), batch.width());
        by.add(metric, network.output(pixels), batch.targets());
        images += batch.size();
        feed.giveBack(batch);
      }
    }
    return new Part<>(metric, images);
  }
}
