package io.dropblock.spark.evaluate;

import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.RecordId;
import io.dropblock.spark.rank.RankCores;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The images of a split in their order, shared out among ranks, each image once: a rank has a
 * contiguous part. Plain data, which the driver sends to the tasks.
 *
 * @param source the split and what is done to its images
 * @param configuration Hadoop's settings of the driver
 * @param world number of ranks, at least 1
 * @param localBatch images of a batch, at least 1
 * @param prefetch batches read ahead, at least 1
 */
public record SplitImages(
    FeedSource source,
    SerializableConfiguration configuration,
    int world,
    int localBatch,
    int prefetch)
    implements Serializable {

  /** What is done with a batch. */
  @FunctionalInterface
  public interface Use {
    /**
     * Takes a batch; it is not to be used any more afterwards.
     *
     * @param pixels of the batch, {@code [images, channels, height, width]}
     * @param place of its first image in the split, from 0; the others follow
     */
    void accept(Batch batch, INDArray pixels, long place);
  }

  /**
   * Reads the images of a rank, batch by batch.
   *
   * @param rank from 0
   * @param cores that read ahead
   * @return how many there were
   */
  public long forEach(int rank, RankCores cores, Use use) {
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), world, rank, localBatch);
    long first = first(order);
    long images = 0;
    try (Feed feed =
        Feed.open(
            source, order, FeedSettings.of(cores.readers(), prefetch), configuration.value())) {
      while (feed.hasNext()) {
        Batch batch = feed.next();
        INDArray pixels =
            FloatArrays.over(
                batch.pixels(), batch.size(), batch.channels(), batch.height(), batch.width());
        use.accept(batch, pixels, first + images);
        images += batch.size();
        feed.giveBack(batch);
      }
    }
    return images;
  }

  /** Place of the first image of a rank in the split. */
  private long first(EpochOrder order) {
    if (order.batches() == 0) {
      return 0;
    }
    RecordId record = order.batch(0).get(0);
    return source.blockSizes().stream().limit(record.block()).mapToLong(Integer::longValue).sum()
        + record.row();
  }
}
