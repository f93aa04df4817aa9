package io.dropblock.spark.train.step;

import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.rank.RankCores;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Where every rank gets its batches: plain data, broadcast once a run.
 *
 * @param source the training split and what is done to its images
 * @param objective what the network learns from them
 * @param configuration Hadoop's settings of the driver
 * @param world number of ranks, at least 1
 * @param localBatch images of a batch, at least 1
 * @param accumulation batches of a step on one rank, at least 1
 * @param prefetch batches that a rank holds ready, at least 1
 */
public record RankFeed(
    FeedSource source,
    Objective<?> objective,
    SerializableConfiguration configuration,
    int world,
    int localBatch,
    int accumulation,
    int prefetch)
    implements Serializable {

  /** Images of a step on all ranks. */
  public int globalBatch() {
    return Math.multiplyExact(Math.multiplyExact(world, localBatch), accumulation);
  }

  /**
   * Steps of an epoch, the same on every rank.
   *
   * @throws io.dropblock.spark.data.DataException if there are too few images for one step
   */
  public int stepsPerEpoch() {
    return order(0, 0, 0).steps();
  }

  /** Images to train on; those that an epoch leaves over are others each time. */
  public long images() {
    return source.manifest().records(source.split());
  }

  /**
   * How many global batches the images of the data set are: epochs may leave a part of one over.
   */
  public double batches() {
    return (double) images() / globalBatch();
  }

  /**
   * Opens a rank's feed over some steps of an epoch; called in the rank's task, whose cores say how
   * many threads read ahead.
   *
   * @param from the first step within the epoch
   * @param until the step after the last
   */
  Feed open(EpochPlan plan, int rank, int from, int until) {
    return Feed.open(
        source,
        order(plan.seed(), plan.epoch(), rank),
        FeedSettings.of(RankCores.ofThisTask().readers(), prefetch)
            .between(plan.firstStep(), from, until),
        configuration.value());
  }

  private EpochOrder order(long seed, long epoch, int rank) {
    return EpochOrder.shuffled(
        source.blockSizes(), seed, epoch, world, rank, localBatch, accumulation);
  }
}
