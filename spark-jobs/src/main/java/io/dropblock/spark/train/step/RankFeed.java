package io.dropblock.spark.train.step;

import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.objective.Labels;
import io.dropblock.spark.rank.RankCores;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Where every rank gets its batches: plain data, broadcast as they begin.
 *
 * @param source the training split and what is done to its images
 * @param labels what the network learns from them
 * @param configuration Hadoop's settings of the driver
 * @param slots of a step, which ranks share out
 * @param world number of ranks, 1 to the number of slots
 * @param prefetch batches that a rank holds ready, at least 1
 */
public record RankFeed(
    FeedSource source,
    Labels labels,
    SerializableConfiguration configuration,
    Slots slots,
    int world,
    int prefetch)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if there are more ranks than slots, or none
   */
  public RankFeed {
    slots.share(0, world);
  }

  /** The same for another number of ranks. */
  public RankFeed withWorld(int ranks) {
    return new RankFeed(source, labels, configuration, slots, ranks, prefetch);
  }

  /** Images of a step on all ranks. */
  public int globalBatch() {
    return slots.globalBatch();
  }

  /** The slots of a rank. */
  Slots.Share share(int rank) {
    return slots.share(rank, world);
  }

  /**
   * Steps of an epoch, the same on every rank.
   *
   * @throws io.dropblock.spark.data.DataException if there are too few images for one step
   */
  public int stepsPerEpoch() {
    return order(0, 0, slots.all()).steps();
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
  Feed open(EpochKey epoch, int rank, int from, int until) {
    return Feed.open(
        source,
        order(epoch.seed(), epoch.epoch(), share(rank)),
        FeedSettings.of(RankCores.ofThisTask().readers(), prefetch)
            .between(epoch.firstStep(), from, until),
        configuration.value());
  }

  private EpochOrder order(long seed, long epoch, Slots.Share share) {
    return EpochOrder.shuffled(source.blockSizes(), seed, epoch, slots, share);
  }
}
