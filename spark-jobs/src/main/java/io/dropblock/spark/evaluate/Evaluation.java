package io.dropblock.spark.evaluate;

import io.dropblock.metric.Metric;
import io.dropblock.metric.Scores;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.evaluate.example.ExampleLimits;
import io.dropblock.spark.evaluate.example.Examples;
import io.dropblock.spark.objective.Answers;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures networks on a data set: one Spark job, one task a rank, or fewer that do the work of
 * several ranks each; every image exactly once. Each task folds the batch normalisations of its
 * copy into the convolutions. What is measured does not depend on the number of tasks, not by a
 * bit.
 *
 * @param objective how it is measured
 * @param source the split to measure on and what is done to its images
 * @param configuration Hadoop's settings of the driver
 * @param world number of ranks, at least 1
 * @param localBatch images of a batch, at least 1
 * @param prefetch batches read ahead, at least 1
 * @param limits how many images are shown
 * @param slots most tasks that run side by side, those that are kept for it; 0 for one a rank
 */
public record Evaluation(
    Objective<?> objective,
    FeedSource source,
    SerializableConfiguration configuration,
    int world,
    int localBatch,
    int prefetch,
    ExampleLimits limits,
    int slots)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

  /** Of which no image is shown. */
  public Evaluation(
      Objective<?> objective,
      FeedSource source,
      SerializableConfiguration configuration,
      int world,
      int localBatch,
      int prefetch) {
    this(objective, source, configuration, world, localBatch, prefetch, ExampleLimits.NONE, 0);
  }

  /**
   * What was measured.
   *
   * @param scores of all images
   * @param images how many
   * @param metric all that was counted
   * @param examples the images that are shown
   */
  public record Result(Scores scores, long images, Metric<?> metric, Examples examples) {
    /** Of which no image is shown. */
    public Result(Scores scores, long images, Metric<?> metric) {
      this(scores, images, metric, new Examples(ExampleLimits.NONE));
    }
  }

  /** The same by another objective. */
  public Evaluation by(Objective<?> other) {
    return new Evaluation(other, source, configuration, world, localBatch, prefetch, limits, slots);
  }

  /** The same, of which so many images are shown. */
  public Evaluation showing(ExampleLimits shown) {
    return new Evaluation(
        objective, source, configuration, world, localBatch, prefetch, shown, slots);
  }

  /** The same by at most so many tasks side by side; 0 for one a rank. */
  public Evaluation onSlots(int most) {
    return new Evaluation(
        objective, source, configuration, world, localBatch, prefetch, limits, most);
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
                  .parallelize(IntStream.range(0, world).boxed().toList(), tasks())
                  .mapPartitions(ranks -> measure(by, broadcast.value(), ranks)));
      return new Result(whole.metric().scores(), whole.images(), whole.metric(), whole.examples());
    } finally {
      broadcast.destroy();
    }
  }

  private int tasks() {
    return slots == 0 ? world : Math.min(slots, world);
  }

  /** What was counted for one rank. */
  record Part<M extends Metric<M>>(M metric, long images, Examples examples)
      implements Serializable {

    Part<M> merge(Part<M> other) {
      return new Part<>(
          metric.merge(other.metric), images + other.images, examples.merge(other.examples));
    }
  }

  /** In the order of the ranks, whichever ends first: a sum of doubles depends on its order. */
  static <M extends Metric<M>> Part<M> merged(JavaRDD<Part<M>> ofRanks) {
    return ofRanks.collect().stream().reduce(Part::merge).orElseThrow();
  }

  /** Each rank's part by itself, as a sum of doubles depends on its order. */
  private <M extends Metric<M>> Iterator<Part<M>> measure(
      Objective<M> by, NetworkState state, Iterator<Integer> ranks) {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores cores = RankCores.ofThisTask();
    cores.take();
    ComputationGraph network = FoldedNetwork.of(state.restore());
    List<Part<M>> parts = new ArrayList<>();
    ranks.forEachRemaining(rank -> parts.add(measure(by, network, rank, cores)));
    return parts.iterator();
  }

  private <M extends Metric<M>> Part<M> measure(
      Objective<M> by, ComputationGraph network, int rank, RankCores cores) {
    M metric = by.metric();
    Examples examples = new Examples(limits);
    AtomicBoolean shows = new AtomicBoolean(!limits.equals(ExampleLimits.NONE));
    long images =
        images()
            .forEach(
                rank,
                cores,
                (batch, pixels, place) -> {
                  Answers answers = by.add(metric, network.output(pixels), batch.targets());
                  if (shows.get()) {
                    shows.set(show(answers, place, batch, examples));
                  }
                });
    return new Part<>(metric, images, examples);
  }

  /** The images that are measured on. */
  public SplitImages images() {
    return new SplitImages(source, configuration, world, localBatch, prefetch);
  }

  /** What cannot be shown ends no training; false if this rank shows no further images. */
  private boolean show(Answers answers, long place, Batch batch, Examples examples) {
    try {
      ShownPixels pixels = new ShownPixels(batch.pixels(), source.normalization(), batch.width());
      examples.add(answers, place, pixels, source.manifest().classes());
      return true;
    } catch (RuntimeException e) {
      LOG.warn("Cannot show images of the evaluation", e);
      return false;
    }
  }
}
