package io.dropblock.bench.figure;

import io.dropblock.spark.text.ForeseenException;

/** Why something could not be measured, in one line for people. */
public final class MeasurementException extends ForeseenException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   */
  public MeasurementException(String message) {
    super(message);
  }

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   * @param cause for {@code --verbose}
   */
  public MeasurementException(String message, Throwable cause) {
    super(message, cause);
  }
}
