package io.dropblock.nn;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A ReLU, {@code max(x, 0)}, whose input has other readers, too: it leaves that as it is. DL4J's
 * activation layer overwrites its input at inference.
 */
public final class Rectifier extends ParameterlessConfiguration {
  private static final long serialVersionUID = 1L;

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    return new RectifierVertex(graph, name, index, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length != 1) {
      throw new IllegalStateException("Cannot rectify " + inputs.length + " inputs: one is needed");
    }
    return inputs[0];
  }

  @Override
  public Rectifier clone() {
    return new Rectifier();
  }

  @Override
  protected int inputs() {
    return 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rectifier;
  }

  @Override
  public int hashCode() {
    return Rectifier.class.hashCode();
  }
}
