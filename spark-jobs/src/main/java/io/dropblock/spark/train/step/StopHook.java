package io.dropblock.spark.train.step;

import io.dropblock.spark.allreduce.StoppingHook;
import io.dropblock.spark.train.progress.RanksHere;

/** Ends ranks behind a step where the driver wants it, or one of their executors is to end. */
final class StopHook extends RankHook implements StoppingHook {
  private static final long serialVersionUID = 1L;

  private final String job;
  private transient boolean entered;

  /**
   * @param job whose ranks they are
   */
  StopHook(String job) {
    this.job = job;
  }

  @Override
  public boolean isAskedToStop() {
    if (!entered) {
      RanksHere.enter(job);
      entered = true;
    }
    return RanksHere.areAskedToStop(job);
  }
}
