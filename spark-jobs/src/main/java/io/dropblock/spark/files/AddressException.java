package io.dropblock.spark.files;

/** The address of a file or a folder that leads nowhere; the message is one line, for people. */
public final class AddressException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AddressException(String message) {
    super(message);
  }

  AddressException(String message, Throwable cause) {
    super(message, cause);
  }
}
