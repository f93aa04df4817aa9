package io.dropblock.spark.ring;

/** Whoever is at the other end is not the neighbour; the message says why. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String reason) {
    super(reason);
  }
}
