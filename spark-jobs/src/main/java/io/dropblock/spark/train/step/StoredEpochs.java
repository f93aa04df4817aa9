package io.dropblock.spark.train.step;

import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.objective.Labels;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The epochs of a prepared data set, as batches that the ranks of a {@link
 * io.dropblock.spark.allreduce.RingTrainingMaster} read, decode and augment themselves: for a
 * training loop of one's own.
 *
 * <pre>{@code
 * for (int epoch = 0; epoch < 90; epoch++) {
 *   graph.fitMultiDataSet(images.epoch(epoch));
 * }
 * }</pre>
 *
 * <p>A step is {@link Slots#count} micro-batches, which the ranks share out: with the same seed
 * each step has the same images, augmented in the same way, on any number of ranks. An epoch has no
 * image twice; what is left over for less than a step does not come, and is others each time.
 */
public final class StoredEpochs {
  private static final int PREFETCH = 2;

  private final JavaSparkContext spark;
  private final RankFeed feed;
  private final long seed;
  private final int steps;
  private final Broadcast<RankFeed> ofRanks;

  /**
   * @param spark the application; its Hadoop settings go to the ranks
   * @param source the images, and what is done to them
   * @param labels what the network's output layers take
   * @param slots of a step: micro-batches, and images of each
   * @param world number of ranks, 1 to the number of slots; the master's
   * @param seed of order and augmentation
   * @throws IllegalArgumentException if there are more ranks than slots, or none
   * @throws io.dropblock.spark.data.DataException if there are too few images for one step
   */
  public StoredEpochs(
      JavaSparkContext spark, FeedSource source, Labels labels, Slots slots, int world, long seed) {
    this.spark = spark;
    this.seed = seed;
    this.feed =
        new RankFeed(
            source,
            labels,
            new SerializableConfiguration(spark.hadoopConfiguration()),
            slots,
            world,
            PREFETCH);
    this.steps = feed.stepsPerEpoch();
    this.ofRanks = spark.broadcast(feed);
  }

  /** Steps of each epoch, at least 1: {@code floor(images / images of a step)}. */
  public int steps() {
    return steps;
  }

  /**
   * The batches of an epoch, one partition a rank, one element a step: pixels {@code [N, 3, size,
   * size]}, normalised, and the labels. Nothing is read before the ranks ask for it; a rank holds
   * one micro-batch and up to two that are read ahead. For {@code fitMultiDataSet}, not to be
   * collected or cached: the memory of a batch is used again when its step is done.
   *
   * @param epoch from 0, in any order
   * @throws IllegalArgumentException if it is below 0
   */
  public JavaRDD<MultiDataSet> epoch(int epoch) {
    EpochKey key = new EpochKey(seed, epoch, (long) epoch * steps);
    return batches(spark, ofRanks, key, 0, steps);
  }

  /**
   * Some steps of an epoch: a partition a rank, whose feed is opened in its task.
   *
   * @param from the first step within the epoch
   * @param until the step after the last
   */
  static JavaRDD<MultiDataSet> batches(
      JavaSparkContext spark, Broadcast<RankFeed> feed, EpochKey key, int from, int until) {
    List<Integer> world = IntStream.range(0, feed.value().world()).boxed().toList();
    return spark
        .parallelize(world, world.size())
        .mapPartitions(rank -> new RankBatches(key, feed.value(), rank.next(), from, until));
  }
}
