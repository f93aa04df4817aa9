package io.dropblock.spark.train.step;

import io.dropblock.spark.data.feed.Feed;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Hands a rank its batches of one round, from a feed that reads ahead. dl4j-spark makes a copy for
 * each task and asks it for one named step after the other, when the one before is done.
 */
final class RoundLoader implements MultiDataSetLoader {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;
  private final Broadcast<RankFeed> rankFeed;
  private final int nextIndex;
  private transient Feed feed;

  /**
   * @param nextIndex the first step of the epoch that is no longer part of the round
   */
  RoundLoader(Broadcast<EpochPlan> plan, Broadcast<RankFeed> rankFeed, int nextIndex) {
    this.plan = plan;
    this.rankFeed = rankFeed;
    this.nextIndex = nextIndex;
  }

  @Override
  public MultiDataSet load(Source source) throws IOException {
    EpochRunner.BatchName name = EpochRunner.BatchName.parse(source.getPath());
    if (feed == null) {
      feed = rankFeed.value().open(plan.value(), name.rank(), name.index(), nextIndex);
      TaskCompletionListener close = context -> feed.close();
      TaskContext.get().addTaskCompletionListener(close);
    }
    StepBatch batch =
        StepBatch.next(feed, rankFeed.value().accumulation(), rankFeed.value().objective());
    if (batch.step() != plan.value().firstStep() + name.index()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot train step %d on the batch of step %d",
              plan.value().firstStep() + name.index(),
              batch.step()));
    }
    return batch;
  }
}
