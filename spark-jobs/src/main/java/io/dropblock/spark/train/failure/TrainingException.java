package io.dropblock.spark.train.failure;

import io.dropblock.spark.text.ForeseenException;

/** Something the user can mend; the message is one line that says what and how. */
public final class TrainingException extends ForeseenException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   */
  public TrainingException(String message) {
    super(message);
  }

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   * @param cause for {@code --verbose}
   */
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
