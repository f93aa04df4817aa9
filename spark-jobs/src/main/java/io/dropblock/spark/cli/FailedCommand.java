package io.dropblock.spark.cli;

/**
 * How a command ends that failed where nobody sees its exit code: in YARN's cluster mode. What a
 * program throws there is told by Spark's client to whoever submitted it; where it exits, the
 * client tells of a shutdown hook. {@code submit.sh} reads the exit code from the message.
 */
final class FailedCommand extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param told what the command said last; empty if nothing
   * @param status its exit code
   */
  FailedCommand(String told, int status) {
    super(
        "(exit code " + status + ") " + (told.isEmpty() ? "The command failed, see its log" : told),
        null,
        false,
        false);
  }

  /** The message alone, as people read it. */
  @Override
  public String toString() {
    return getMessage();
  }
}
