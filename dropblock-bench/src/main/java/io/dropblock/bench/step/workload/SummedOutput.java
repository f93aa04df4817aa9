package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One sum over all of it, of which a network that went wrong would have another.
 *
 * @param probabilities whether they are those of an image's classes, or else logits of pixels
 */
record SummedOutput(boolean probabilities) implements OutputReader {
  private static final double ROUNDING = 1e-3;

  @Override
  public void read(INDArray... outputs) {
    double sum = outputs[0].sumNumber().doubleValue() / outputs[0].size(0);
    if (probabilities && !(Math.abs(sum - 1) < ROUNDING)) {
      throw new MeasurementException("an image's probabilities sum to " + sum);
    }
    if (!Double.isFinite(sum)) {
      throw new MeasurementException("an image's logits sum to " + sum);
    }
  }
}
