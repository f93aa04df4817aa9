package io.dropblock.nn.pyramid;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The running vertex. */
@SuppressWarnings("overrides") // DL4J's base class takes an array where its interface takes varargs
final class LevelNetVertex extends BaseGraphVertex {
  private static final long serialVersionUID = 1L;

  private final LevelNet configuration;
  private final INDArray parameters;
  private final Map<String, INDArray> table;
  private INDArray gradients;
  private Map<String, INDArray> gradientTable;

  LevelNetVertex(
      LevelNet configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType dataType) {
    super(graph, name, index, null, null, dataType);
    this.configuration = configuration;
    this.parameters = parameters;
    table = cut(parameters);
  }

  /** Views of a flat array, one a parameter. */
  private Map<String, INDArray> cut(INDArray flat) {
    INDArray line = flat.reshape(flat.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    long from = 0;
    for (var entry : configuration.settings().parameters().entrySet()) {
      long length = LevelNet.length(entry.getValue());
      INDArray view = line.get(NDArrayIndex.interval(from, from + length));
      views.put(entry.getKey(), view.reshape('c', entry.getValue()));
      from += length;
    }
    return views;
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public LevelNet getConfig() {
    return configuration;
  }

  @Override
  public INDArray params() {
    return parameters;
  }

  @Override
  public Map<String, INDArray> paramTable(boolean backpropOnly) {
    return table;
  }

  @Override
  public INDArray getGradientsViewArray() {
    return gradients;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray flat) {
    gradients = flat;
    gradientTable = cut(flat);
  }

  @Override
  public boolean updaterDivideByMinibatch(String parameter) {
    return !LevelParameter.of(parameter).isStatistic();
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException("Cannot apply LevelNet: written in a coming commit");
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException("Cannot apply LevelNet: written in a coming commit");
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState current, int minibatchSize) {
    return masks == null || masks.length == 0 ? null : new Pair<>(masks[0], current);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "LevelNetVertex(id=%d, name=%s)", getVertexIndex(), getVertexName());
  }
}
