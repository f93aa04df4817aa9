package io.dropblock.exchange.safetensors;

import java.io.IOException;

/** A file is not in the form of safetensors; the message is the end of a sentence that says why. */
public final class SafetensorsException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason {@code its header is ...}
   */
  public SafetensorsException(String reason) {
    super(reason);
  }

  SafetensorsException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
