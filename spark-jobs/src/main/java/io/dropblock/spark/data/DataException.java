package io.dropblock.spark.data;

/**
 * An error about data that a user can repair: a missing path, a broken file, an output in the way.
 * The message is one line, {@code Cannot <verb> <object>: <value and reason>}, and is meant to be
 * shown without a stack trace.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its one-line message. */
  public DataException(String message) {
    super(oneLine(message));
  }

  /** An error with its one-line message and what caused it. */
  public DataException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** What a throwable says, in one line; its class name where it says nothing. */
  public static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : oneLine(message);
  }

  private static String oneLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).stripTrailing();
  }
}
