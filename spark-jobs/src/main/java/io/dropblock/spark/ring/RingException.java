package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** The ring cannot go on; the message is one line that names the rank to look at. */
public final class RingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   */
  public RingException(String message) {
    super(message);
  }

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   * @param cause what the operating system said
   */
  public RingException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The reason in one line. */
  static String reason(IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return "interrupted";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
