package io.dropblock.nn;

import java.util.Locale;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running vertex. DL4J's class has one input, and only that goes through the preprocessor. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class ConvolutionSumVertex extends LayerVertex {
  private static final long serialVersionUID = 1L;

  ConvolutionSumVertex(
      ComputationGraph graph,
      String name,
      int index,
      LeanConvolutionLayer layer,
      InputPreProcessor preProcessor,
      DataType dataType) {
    super(graph, name, index, layer, preProcessor, false, dataType);
  }

  @Override
  public void setInput(int number, INDArray input, LayerWorkspaceMgr workspaces) {
    if (number == 1) {
      getInputs()[1] = input;
    } else {
      super.setInput(number, input, workspaces);
    }
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "Cannot convolve and add '%s': inputs missing", getVertexName()));
    }
    return ((LeanConvolutionLayer) getLayer()).activate(getInputs()[1], workspaces);
  }
}
