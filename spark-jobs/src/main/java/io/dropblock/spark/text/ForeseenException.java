package io.dropblock.spark.text;

/**
 * An error that somebody foresaw. Its message is for people and needs no stack trace: one line,
 * {@code Cannot <verb> <object>: <value and reason>}, that says what to do next where that is not
 * plain; what has several faults tells them all, one a line below.
 *
 * <p>Whatever a command lets out extends it. The command line prints the message of the outermost
 * one as it is, so where one causes another it tells the whole story.
 */
public abstract class ForeseenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message for people
   */
  protected ForeseenException(String message) {
    super(message);
  }

  /**
   * @param message for people
   * @param cause for {@code --verbose}
   */
  protected ForeseenException(String message, Throwable cause) {
    super(message, cause);
  }
}
