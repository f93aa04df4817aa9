package io.dropblock.spark.data;

import io.dropblock.spark.text.ForeseenException;

/**
 * An error about data that a user can repair: a missing path, a broken file, an output in the way.
 * The message is one line, {@code Cannot <verb> <object>: <value and reason>}, and is meant to be
 * shown without a stack trace.
 */
public final class DataException extends ForeseenException {
  private static final long serialVersionUID = 1L;

  /** An error with its one-line message. */
  public DataException(String message) {
    super(escaped(message));
  }

  /** An error with its one-line message and what caused it. */
  public DataException(String message, Throwable cause) {
    super(escaped(message), cause);
  }

  /** What a throwable says, in one line; its class name where it says nothing. */
  public static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }

  /** Names may have line breaks in them. */
  private static String escaped(String message) {
    return message.strip().replace("\r", "\\r").replace("\n", "\\n");
  }
}
