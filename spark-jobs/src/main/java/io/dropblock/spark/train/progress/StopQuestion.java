package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * What an executor asks the driver, from time to time.
 *
 * @param job of whose ranks, see {@link ReportInbox#open}
 * @param executor Spark's name of who asks
 */
record StopQuestion(String job, String executor) implements Serializable {

  /**
   * What the driver answers, by its name. Spark reads what comes to an executor with a class loader
   * that does not know the jar of the application, unless that is on the executor's own class path
   * as on one machine; an answer that it cannot read ends the connection, and with it the executor.
   */
  enum Answer {
    /** The ranks go on. */
    GO_ON,
    /** They are to end behind the step that they are at. */
    STOP,
    /** The job has ended: nobody needs this executor for it any more. */
    OVER
  }
}
