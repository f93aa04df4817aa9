package io.dropblock.bench.step.workload;

import java.util.Locale;

/**
 * A part of a step, see {@link StepKind} for which has which. The parts follow each other without a
 * gap.
 */
public enum Phase {
  /** An array over the memory of the images. In training labels, too, and DropBlock's step. */
  DATA,
  /** All layers; in training the start of {@code fit}, and not the output layers' losses. */
  FORWARD,
  /** Gradients of all layers, the weight decay's share of the loss, and the loss. */
  BACKWARD,
  /** What other listeners do with the gradients: averaging between ranks; nothing without it. */
  AVERAGE,
  /**
   * Weight decay, momentum, the step of the parameters, the new moving averages of batch
   * normalisation, and what {@code fit} clears behind itself.
   */
  UPDATE,
  /** Detections of a detector's outputs; of others a sum that checks them. */
  POSTPROCESSING;

  /** The word for it in a table. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
