package io.dropblock.spark.train.progress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The jobs whose ranks have run in this process and that are not over, and who is to stop. */
public final class RanksHere {
  private static final Set<String> JOBS = ConcurrentHashMap.newKeySet();
  private static final Set<String> STOPPED = ConcurrentHashMap.newKeySet();
  private static volatile boolean leaving;

  private RanksHere() {}

  /**
   * A rank begins.
   *
   * @param job see {@link ReportInbox#job}
   */
  public static void enter(String job) {
    JOBS.add(job);
  }

  /** Whether ranks of a job are to end: the driver wants it, or this process is told to end. */
  public static boolean areAskedToStop(String job) {
    return leaving || STOPPED.contains(job);
  }

  static Set<String> jobs() {
    return Set.copyOf(JOBS);
  }

  /** What the driver answered. */
  static void take(String job, StopQuestion.Answer answer) {
    switch (answer) {
      case GO_ON -> {}
      case STOP -> STOPPED.add(job);
      case OVER -> {
        JOBS.remove(job);
        STOPPED.remove(job);
      }
    }
  }

  /** This process is told to end. */
  static void leave() {
    leaving = true;
  }
}
