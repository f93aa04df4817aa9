package io.dropblock.nn.pyramid;

import io.dropblock.nn.DropBlockSite;
import io.dropblock.nn.PackedWeightsHolder;
import io.dropblock.nn.SiteHolder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The running vertex. */
@SuppressWarnings("overrides") // DL4J's base class takes an array where its interface takes varargs
final class LevelNetVertex extends BaseGraphVertex implements SiteHolder, PackedWeightsHolder {
  private static final long serialVersionUID = 1L;

  private final LevelNet configuration;
  private final INDArray parameters;
  private final Map<String, INDArray> table;
  private final transient List<SharedConvolution> convolutions;
  private final transient List<LevelPass> passes;
  private boolean keepsPacked;
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
    long seed = graph.getConfiguration().getDefaultConfiguration().getSeed();
    convolutions =
        IntStream.rangeClosed(0, settings().convolutions())
            .mapToObj(settings()::convolution)
            .map(
                convolution ->
                    new SharedConvolution(
                        table.get(LevelParameter.WEIGHTS.in(convolution)),
                        Optional.ofNullable(table.get(LevelParameter.BIAS.in(convolution)))))
            .toList();
    passes =
        IntStream.range(0, settings().levels())
            .mapToObj(
                level -> new LevelPass(settings(), level, table, convolutions, sites(level, seed)))
            .toList();
  }

  private List<DropBlockSite> sites(int level, long seed) {
    if (settings().dropBlock() == null) {
      return List.of();
    }
    return IntStream.range(0, settings().convolutions())
        .mapToObj(number -> settings().convolution(number))
        .map(
            convolution ->
                String.format(Locale.ROOT, "%s/%s/level%d", getVertexName(), convolution, level))
        .map(name -> new DropBlockSite(settings().dropBlock(), name, seed))
        .toList();
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
  public List<DropBlockSite> sites() {
    return passes.stream().flatMap(pass -> pass.sites().stream()).toList();
  }

  @Override
  public void keepPacked() {
    keepsPacked = true;
  }

  @Override
  public void forgetPacked() {
    convolutions.forEach(SharedConvolution::forgetPacked);
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    requireInputs();
    var counters = graph.getConfiguration();
    var moment =
        new LevelPass.Moment(training, counters.getIterationCount(), counters.getEpochCount());
    LevelPass.Memory result = memory(ArrayType.ACTIVATIONS, workspaces);
    LevelPass.Memory working = memory(ArrayType.FF_WORKING_MEM, workspaces);
    LevelOutput output = LevelOutput.of(settings(), inputs);
    INDArray whole = result.of(output.shape());
    LevelPass.Memory kept = training ? result : working;
    convolutions.forEach(convolution -> convolution.pack(keepsPacked));
    for (int level = 0; level < inputs.length; level++) {
      INDArray part = output.part(level, whole, working);
      passes.get(level).forward(dense(inputs[level], kept), part, moment, kept);
      output.join(level, part, whole);
    }
    return whole;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot apply LevelNet '%s': no error", getVertexName()));
    }
    LevelPass.Memory result = memory(ArrayType.ACTIVATION_GRAD, workspaces);
    LevelPass.Memory working = memory(ArrayType.BP_WORKING_MEM, workspaces);
    LevelOutput output = LevelOutput.of(settings(), inputs);
    INDArray whole = dense(epsilon, working);
    INDArray[] below = new INDArray[inputs.length];
    convolutions.forEach(SharedConvolution::packBack);
    for (int level = 0; level < inputs.length; level++) {
      below[level] = result.of(inputs[level].shape());
      INDArray part = output.gradient(level, whole, working);
      passes.get(level).backward(part, below[level], gradientTable, working);
    }
    Gradient gradient = new DefaultGradient();
    gradientTable.forEach(gradient::setGradientFor);
    return new Pair<>(gradient, below);
  }

  private LevelPass.Memory memory(ArrayType type, LayerWorkspaceMgr workspaces) {
    return shape -> workspaces.createUninitialized(type, getDataType(), shape, 'c');
  }

  /** The array, or a copy. ND4J's maps of one pixel may have strides of their own. */
  private static INDArray dense(INDArray array, LevelPass.Memory memory) {
    return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array)
        ? array
        : memory.of(array.shape()).assign(array);
  }

  private LevelSettings settings() {
    return configuration.settings();
  }

  private void requireInputs() {
    boolean fit =
        canDoForward()
            && inputs.length == settings().levels()
            && Arrays.stream(inputs)
                .allMatch(
                    input ->
                        input.rank() == 4
                            && input.size(3) == settings().channels()
                            && input.size(0) == inputs[0].size(0));
    if (!fit) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply LevelNet '%s' to inputs of shape %s: %d times [n, h, w, %d] is needed",
              getVertexName(),
              Arrays.stream(inputs)
                  .map(input -> input == null ? "none" : Arrays.toString(input.shape()))
                  .toList(),
              settings().levels(),
              settings().channels()));
    }
  }

  @Override
  public void clear() {
    super.clear();
    passes.forEach(LevelPass::clear);
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
