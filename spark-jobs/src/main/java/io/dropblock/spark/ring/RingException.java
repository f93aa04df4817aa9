package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;

/** The ring cannot go on; the message is one line that names the rank to look at. */
public final class RingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int suspect;

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   */
  public RingException(String message) {
    this(message, null);
  }

  /**
   * @param message {@code Cannot <verb> <object>: <value and reason>}
   * @param cause what the operating system said, or null
   */
  public RingException(String message, Throwable cause) {
    super(message, cause);
    this.suspect = -1;
  }

  /**
   * @param what that could not be done: {@code average with}
   * @param suspect the rank that it could not be done with
   * @param cause what the operating system said, or null
   */
  RingException(String what, Neighbour suspect, String reason, Throwable cause) {
    super(String.format(Locale.ROOT, "Cannot %s %s: %s", what, suspect, reason), cause);
    this.suspect = suspect.rank();
  }

  RingException(String what, Neighbour suspect, String reason) {
    this(what, suspect, reason, null);
  }

  /**
   * The rank that did not do its part, -1 if it is none in particular. Where it reports such an
   * error itself, it was only the next to fall.
   */
  public int suspect() {
    return suspect;
  }

  /** The reason in one line. */
  static String reason(IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return "interrupted";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
