package io.dropblock.spark.train.progress;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * Who reports: a rank, as one task of Spark's tries to be it.
 *
 * @param job what the reports are for, see {@link ReportInbox#open}
 * @param rank from 0
 * @param host where it runs
 * @param executor Spark's name of the process there
 * @param stage of the task
 * @param stageAttempt how often the stage was tried before
 * @param task a number that rises with each task of the application
 */
public record RankAttempt(
    String job, int rank, String host, String executor, int stage, int stageAttempt, long task)
    implements Serializable {

  /** The task that this thread runs. */
  public static RankAttempt ofThisTask(String job) {
    TaskContext task = TaskContext.get();
    return new RankAttempt(
        job,
        task.partitionId(),
        SparkEnv.get().blockManager().blockManagerId().host(),
        SparkEnv.get().executorId(),
        task.stageId(),
        task.stageAttemptNumber(),
        task.taskAttemptId());
  }

  /** Whether this is of a stage that is tried again because the other's attempt failed. */
  public boolean isOfLaterStageAttemptThan(RankAttempt other) {
    return stage == other.stage && stageAttempt > other.stageAttempt;
  }
}
