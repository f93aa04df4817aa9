package io.dropblock.spark.cluster;

import java.util.Optional;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Ends a job as soon as one of its tasks fails by the data's or the program's fault, until it is
 * closed: Spark would try that task four times, and each time it would fail alike.
 */
public final class OneTry extends SparkListener implements AutoCloseable {
  private final JavaSparkContext spark;
  private String reason;

  private OneTry(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Looks at all jobs from now on. */
  public static OneTry of(JavaSparkContext spark) {
    OneTry listener = new OneTry(spark);
    spark.sc().addSparkListener(listener);
    return listener;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (reason == null && end.reason() instanceof TaskFailedReason failed) {
      RankFailure failure = RankFailure.of(end.taskInfo(), failed);
      if (failure.cause() == RankFailure.Cause.PROGRAM) {
        reason = failure.reason();
        spark.sc().cancelStage(end.stageId(), "it would fail again");
      }
    }
  }

  /** Why it ended a job, in one line; empty if it ended none. */
  public synchronized Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  @Override
  public void close() {
    spark.sc().removeSparkListener(this);
  }
}
