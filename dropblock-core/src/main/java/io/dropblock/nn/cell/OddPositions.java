package io.dropblock.nn.cell;

import io.dropblock.nn.ParameterlessConfiguration;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a vertex that keeps every second pixel of both axes, from the second on: pixel
 * (i, j) of the output is pixel (2 i + 1, 2 j + 1) of the input. Maps are {@code [n, h, w, c]},
 * outputs {@code [n, (h + 1) / 2, (w + 1) / 2, c]}: where a side is odd, the last pixel lies
 * outside and is 0.
 *
 * <p>The second path of a factorised reduction, which sees the pixels that a convolution 1x1 with
 * stride 2 steps over ({@code tensorflow/tpu: models/official/amoeba_net/network_utils.py}, {@code
 * factorized_reduction}: padded at the bottom and right, shifted by one, then subsampled).
 */
public final class OddPositions extends ParameterlessConfiguration {
  private static final long serialVersionUID = 1L;

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    return new OddPositionsVertex(graph, name, index, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length == 1
        && inputs[0] instanceof InputType.InputTypeConvolutional maps
        && maps.getFormat() == CNN2DFormat.NHWC) {
      return InputType.convolutional(
          (maps.getHeight() + 1) / 2,
          (maps.getWidth() + 1) / 2,
          maps.getChannels(),
          CNN2DFormat.NHWC);
    }
    throw new IllegalStateException(
        "Cannot take odd pixels: one input of maps with the channels last is needed, not "
            + Arrays.toString(inputs));
  }

  @Override
  protected int inputs() {
    return 1;
  }

  @Override
  public OddPositions clone() {
    return new OddPositions();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OddPositions;
  }

  @Override
  public int hashCode() {
    return OddPositions.class.hashCode();
  }
}
