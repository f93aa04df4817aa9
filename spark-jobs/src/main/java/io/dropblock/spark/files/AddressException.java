package io.dropblock.spark.files;

import io.dropblock.spark.text.ForeseenException;

/** The address of a file or a folder that leads nowhere; the message is one line, for people. */
public final class AddressException extends ForeseenException {
  private static final long serialVersionUID = 1L;

  AddressException(String message) {
    super(message);
  }

  AddressException(String message, Throwable cause) {
    super(message, cause);
  }
}
