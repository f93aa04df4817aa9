package io.dropblock.spark.cluster;

import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.FetchFailed;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.TaskInfo;

/**
 * A task that failed.
 *
 * @param rank its partition
 * @param host where it ran
 * @param reason in one line
 * @param cause whose fault it is
 * @param suspect the rank that it blames, -1 for none
 */
record RankFailure(int rank, String host, String reason, Cause cause, int suspect) {

  /** Whose fault a failure is. */
  enum Cause {
    /** Its executor's or its host's. */
    HOST,
    /** The data's or the program's: another attempt would fail alike, wherever it ran. */
    PROGRAM,
    /** Another rank's, on the ring. */
    RING,
    /** Nobody's: it was told to stop, since another one failed. */
    TOLD
  }

  static RankFailure of(TaskInfo task, TaskFailedReason reason) {
    if (reason instanceof TaskKilled) {
      return new RankFailure(task.index(), task.host(), "stopped", Cause.TOLD, -1);
    }
    if (reason instanceof ExceptionFailure failure) {
      return of(task, failure);
    }
    String text = ExecutorLoss.firstLine(reason.toErrorString());
    if (reason instanceof ExecutorLostFailure lost) {
      text = ExecutorLoss.reason(lost.reason().isEmpty() ? "" : lost.reason().get());
    }
    String host =
        reason instanceof FetchFailed fetch && fetch.bmAddress() != null
            ? fetch.bmAddress().host()
            : task.host();
    return new RankFailure(task.index(), host, text, Cause.HOST, -1);
  }

  private static RankFailure of(TaskInfo task, ExceptionFailure failure) {
    String text = ExecutorLoss.firstLine(String.valueOf(failure.description()));
    Throwable thrown = failure.exception().isEmpty() ? null : failure.exception().get();
    // not there where the driver cannot read it
    Cause cause = thrown == null ? Cause.HOST : Diagnosis.of(thrown);
    // an error that was made for people says what failed
    boolean saysAll = cause == Cause.RING || text.startsWith("Cannot ");
    return new RankFailure(
        task.index(),
        task.host(),
        saysAll ? text : simpleName(failure.className()) + ": " + text,
        cause,
        Diagnosis.suspect(Diagnosis.chain(thrown)).orElse(-1));
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
