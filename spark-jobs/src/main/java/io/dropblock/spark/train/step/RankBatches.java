package io.dropblock.spark.train.step;

import io.dropblock.spark.data.feed.Feed;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A rank's steps of an epoch, or of a part of one, from a feed that reads ahead: opened in the
 * rank's task when the first step is asked for, and closed with the task.
 */
final class RankBatches implements Iterator<MultiDataSet> {
  private final EpochKey epoch;
  private final RankFeed rankFeed;
  private final int rank;
  private final int until;
  private int next;
  private Feed feed;

  /**
   * @param from the first step within the epoch
   * @param until the step after the last
   */
  RankBatches(EpochKey epoch, RankFeed rankFeed, int rank, int from, int until) {
    this.epoch = epoch;
    this.rankFeed = rankFeed;
    this.rank = rank;
    this.next = from;
    this.until = until;
  }

  /** The step within the epoch that comes next. */
  int nextStep() {
    return next;
  }

  @Override
  public boolean hasNext() {
    return next < until;
  }

  @Override
  public MultiDataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException("Cannot take another step: there are " + until);
    }
    if (feed == null) {
      open();
    }
    StepBatch batch =
        StepBatch.next(
            feed, rankFeed.share(rank).size(), rankFeed.globalBatch(), rankFeed.labels());
    long step = epoch.firstStep() + next;
    if (batch.step() != step) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot train step %d on the batch of step %d: %s",
              step,
              batch.step(),
              StepBatch.NOT_FITTED));
    }
    next++;
    return batch;
  }

  private void open() {
    Feed opened = rankFeed.open(epoch, rank, next, until);
    TaskCompletionListener close = context -> opened.close();
    TaskContext.get().addTaskCompletionListener(close);
    feed = opened;
  }
}
