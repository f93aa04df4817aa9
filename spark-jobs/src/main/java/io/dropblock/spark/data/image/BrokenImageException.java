package io.dropblock.spark.data.image;

/**
 * Bytes that are no whole image. The message is the reason, without the image's name: the caller
 * knows it.
 */
public final class BrokenImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With the reason, one line. */
  public BrokenImageException(String reason) {
    super(reason);
  }

  /** With the reason, one line, and what the decoder threw. */
  public BrokenImageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
