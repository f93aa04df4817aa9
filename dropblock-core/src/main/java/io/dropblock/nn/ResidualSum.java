package io.dropblock.nn;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of a residual block: {@code max(a + b, 0)} of two arrays of one shape, as one vertex and
 * in one pass over memory, one back. With DL4J's own vertex and layer it is two copies, a sum and a
 * ReLU, and back a copy of the gradient for each input.
 */
public final class ResidualSum extends ParameterlessConfiguration {
  private static final long serialVersionUID = 1L;

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    return new ResidualSumVertex(graph, name, index, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length != 2 || !Objects.equals(inputs[0], inputs[1])) {
      throw new IllegalStateException(
          "Cannot add a residual block's ends: two inputs of one shape are needed, not "
              + Arrays.toString(inputs));
    }
    return inputs[0];
  }

  @Override
  public ResidualSum clone() {
    return new ResidualSum();
  }

  @Override
  protected int inputs() {
    return 2;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResidualSum;
  }

  @Override
  public int hashCode() {
    return ResidualSum.class.hashCode();
  }
}
