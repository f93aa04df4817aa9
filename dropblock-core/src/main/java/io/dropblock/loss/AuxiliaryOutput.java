package io.dropblock.loss;

import io.dropblock.nn.TrainingOnly;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/**
 * DL4J's output layer in the middle of a network, whose loss teaches the layers before it (Szegedy
 * et al. 2014) and whose output nobody asks for: the folded network is without it.
 */
public final class AuxiliaryOutput extends OutputLayer implements TrainingOnly {
  private static final long serialVersionUID = 1L;

  /** For JSON. */
  public AuxiliaryOutput() {}

  /** What DL4J's builder makes. */
  public AuxiliaryOutput(OutputLayer.Builder builder) {
    super(builder);
  }

  @Override
  public AuxiliaryOutput clone() {
    return (AuxiliaryOutput) super.clone();
  }
}
