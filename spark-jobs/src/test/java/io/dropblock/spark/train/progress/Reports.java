package io.dropblock.spark.train.progress;

import io.dropblock.nn.phase.PhaseTimes;

/** Reports of ranks that nobody has trained. */
public final class Reports {
  private Reports() {}

  /** Of a task in the first attempt of a stage. */
  public static StepReport of(int rank, long task, long step, double loss) {
    return of("job", rank, 0, task, step, loss);
  }

  /** The same of a step with several micro-batches. */
  public static StepReport ofBatches(int batches, int rank, long task, long step, double loss) {
    return of(new RankAttempt("job", rank, "here", "1", 3, 0, task), batches, step, loss);
  }

  /** The same in another attempt of the stage. */
  public static StepReport of(
      String job, int rank, int stageAttempt, long task, long step, double loss) {
    return of(new RankAttempt(job, rank, "here", "1", 3, stageAttempt, task), 1, step, loss);
  }

  private static StepReport of(RankAttempt rank, int batches, long step, double loss) {
    return new StepReport(rank, step, batches, loss, .5, PhaseTimes.NONE, 1, 1000, 50 * step);
  }
}
