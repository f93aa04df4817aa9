package io.dropblock.onednn;

/** A helper that knows whether it did anything. */
interface Accelerated {
  /** Whether a forward pass was calculated by oneDNN, ever. */
  boolean ranForward();

  /** Whether a backward pass was calculated by oneDNN, ever. */
  boolean ranBackward();
}
