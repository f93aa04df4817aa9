package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * What an executor asks the driver, from time to time.
 *
 * @param job of whose ranks, see {@link ReportInbox#open}
 * @param executor Spark's name of who asks
 */
record StopQuestion(String job, String executor) implements Serializable {

  /** What the driver answers. */
  enum Answer {
    /** The ranks go on. */
    GO_ON,
    /** They are to end behind the step that they are at. */
    STOP,
    /** The job has ended: nobody needs this executor for it any more. */
    OVER
  }
}
