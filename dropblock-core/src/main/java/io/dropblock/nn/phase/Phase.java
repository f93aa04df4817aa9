package io.dropblock.nn.phase;

import java.util.Locale;

/** A part of a step. The parts follow each other without a gap; not every step has all of them. */
public enum Phase {
  /**
   * Until the images of the step are there, as arrays over their memory: in a training with a feed,
   * the wait for it.
   */
  DATA,
  /** All layers; in training the start of {@code fit}, and not the output layers' losses. */
  FORWARD,
  /** Gradients of all layers, the weight decay's share of the loss, and the loss. */
  BACKWARD,
  /** Averaging between ranks, this one's own work: sums, and what the network stack is given. */
  AVERAGE,
  /** Until other ranks are as far as this one, and until what they send has arrived. */
  WAIT,
  /**
   * Weight decay, momentum, the step of the parameters, the new moving averages, and what {@code
   * fit} clears behind itself; in a training the look at what is not finite, too.
   */
  UPDATE,
  /** Checkpoints behind a step, by the rank that writes them. */
  CHECKPOINT,
  /** Detections of a detector's outputs; of others a sum that checks them. */
  POSTPROCESSING;

  /** The word for it in a table. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
