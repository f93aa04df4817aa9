package io.dropblock.bench.step.workload;

import java.util.Locale;

/** A part of a training step. The parts follow each other without a gap. */
public enum Phase {
  /** A batch from the heap into new arrays outside it, class numbers, DropBlock's step. */
  DATA,
  /** The start of {@code fit}, and all layers but the output layer's loss. */
  FORWARD,
  /** Gradients of all layers, the weight decay's share of the loss, and the loss. */
  BACKWARD,
  /** What other listeners do with the gradients: averaging between ranks; nothing without it. */
  AVERAGE,
  /**
   * Weight decay, momentum, the step of the parameters, the new moving averages of batch
   * normalisation, and what {@code fit} clears behind itself.
   */
  UPDATE;

  /** The word for it in a table. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
