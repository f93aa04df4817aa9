package io.dropblock.nn;

import java.util.Locale;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A running vertex that holds no layer and no parameters, and hands masks of sequences on. */
@SuppressWarnings("overrides") // DL4J's base class takes an array where its interface takes varargs
public abstract class ParameterlessVertex extends BaseGraphVertex {
  private static final long serialVersionUID = 1L;

  protected ParameterlessVertex(ComputationGraph graph, String name, int index, DataType dataType) {
    super(graph, name, index, null, null, dataType);
  }

  @Override
  public final boolean hasLayer() {
    return false;
  }

  @Override
  public final Layer getLayer() {
    return null;
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray gradients) {
    if (gradients != null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot give vertex '%s' gradients: it has no parameters",
              getVertexName()));
    }
  }

  @Override
  public final Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState current, int minibatchSize) {
    return masks == null || masks.length == 0 ? null : new Pair<>(masks[0], current);
  }

  @Override
  public final String toString() {
    return String.format(
        Locale.ROOT,
        "%s(id=%d, name=%s)",
        getClass().getSimpleName(),
        getVertexIndex(),
        getVertexName());
  }
}
