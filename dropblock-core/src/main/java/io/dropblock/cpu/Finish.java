package io.dropblock.cpu;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a convolution does with its sums before it writes them: {@code y = sums + bias + added}, or
 * the greater of that and 0.
 *
 * @param bias one float an output, if there is one
 * @param added of the shape of the result, if there is one
 * @param relu whether negative values become 0; NaN stays NaN
 */
public record Finish(Optional<INDArray> bias, Optional<INDArray> added, boolean relu) {
  /** The sums as they are. */
  public static final Finish NONE = new Finish(Optional.empty(), Optional.empty(), false);
}
