package io.dropblock.nn;

import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained graph for inference, its batch normalisations folded into the convolutions before them:
 * weights and biases multiplied by {@code gamma / sqrt(variance + epsilon)} of the moving
 * statistics, and the ReLU done by the convolution. Its outputs are those of the trained graph but
 * for rounding; on the way there are fewer passes over memory.
 *
 * <p>Folded is a {@link BatchNorm} or DL4J's {@code BatchNormalization} that alone reads a {@link
 * LeanConvolution}, or a DL4J convolution without activation function. Left out are DropBlock and
 * DropPath, where they drop nothing at inference, and DL4J's {@code DropoutLayer}, which also
 * zeroes what a mask array says; that comes through then. Outputs that are {@link TrainingOnly} are
 * left out, with all that leads only to them. What is another output of the graph stays, as does
 * all else, each vertex under its own name: a convolution that took a normalisation in has the
 * convolution's, and so has one that does the {@link ResidualSum} which alone read it.
 *
 * <p>Convolutions keep a copy of their weights in the order in which they are multiplied, made at
 * the first pass. It is made again after {@link #setParams}, {@link #setParam} and {@link
 * #setParamTable}, and where all weights of a layer have changed in place; single weights changed
 * in {@link #params} may go unseen.
 *
 * <p>Sites that drop at inference, by configuration or {@link DropBlockSites#activeAtInference},
 * are kept and do so here, too; they want to be told their keep probability again.
 *
 * <p>It cannot be trained. DL4J can save it; what it loads again is a plain graph, which refuses
 * training only by its first convolution with a ReLU.
 */
public final class FoldedNetwork extends ComputationGraph {
  private static final long serialVersionUID = 1L;

  private FoldedNetwork(ComputationGraphConfiguration configuration) {
    super(configuration);
  }

  /**
   * Folds a copy of a graph, which itself is only read. Listeners and the updater's state are not
   * copied.
   *
   * @throws IllegalArgumentException if the graph is not initialised
   */
  public static FoldedNetwork of(ComputationGraph trained) {
    if (trained.getVertices() == null) {
      throw new IllegalArgumentException(
          "Cannot fold a network without parameters: call init() before");
    }
    FoldedGraph graph = FoldedGraph.of(trained);
    FoldedNetwork network = new FoldedNetwork(graph.configuration());
    network.allocate();
    Map<String, INDArray> before = trained.paramTable();
    network
        .paramTable()
        .forEach(
            (name, value) -> {
              // A bias that the convolution did not have stays 0
              if (before.containsKey(name)) {
                value.assign(before.get(name));
              }
            });
    graph.folds().forEach((convolution, norm) -> network.fold(convolution, trained, norm));
    network.copySites(trained);
    network.packed().forEach(PackedWeightsHolder::keepPacked);
    return network;
  }

  /** Zeros in place of random parameters, which take time and reset ND4J's random numbers. */
  private void allocate() {
    long parameters =
        getConfiguration().getVertices().values().stream()
            .mapToLong(vertex -> vertex.numParams(true))
            .sum();
    init(
        parameters == 0 ? null : Nd4j.create(getConfiguration().getDataType(), 1, parameters),
        false);
  }

  private void fold(String convolution, ComputationGraph trained, String norm) {
    var layer = trained.getLayer(norm);
    ChannelScaling.of((BatchNormalization) layer.conf().getLayer(), layer.paramTable())
        .applyTo(
            getLayer(convolution).getParam(WEIGHT_KEY), getLayer(convolution).getParam(BIAS_KEY));
  }

  private void copySites(ComputationGraph trained) {
    for (GraphVertex vertex : getVertices()) {
      var before = DropBlockSites.in(trained.getVertex(vertex.getVertexName())).iterator();
      DropBlockSites.in(vertex)
          .forEach(site -> site.state().activeAtInference(before.next().state().isActive(false)));
    }
  }

  private Stream<PackedWeightsHolder> packed() {
    return Arrays.stream(getVertices())
        .map(FoldedNetwork::running)
        .filter(PackedWeightsHolder.class::isInstance)
        .map(PackedWeightsHolder.class::cast);
  }

  @Override
  public void setParams(INDArray parameters) {
    super.setParams(parameters);
    packed().forEach(PackedWeightsHolder::forgetPacked);
  }

  @Override
  public void setParamTable(Map<String, INDArray> parameters) {
    super.setParamTable(parameters);
    packed().forEach(PackedWeightsHolder::forgetPacked);
  }

  @Override
  public void setParam(String name, INDArray parameter) {
    super.setParam(name, parameter);
    packed().forEach(PackedWeightsHolder::forgetPacked);
  }

  /** A vertex' layer, or the vertex itself if it has none. */
  static Object running(GraphVertex vertex) {
    return vertex.hasLayer() ? vertex.getLayer() : vertex;
  }

  /**
   * Refuses; all of DL4J's {@code fit} come here.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void computeGradientAndScore() {
    throw refusal();
  }

  /**
   * Refuses.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Gradient backpropGradient(INDArray... epsilons) {
    throw refusal();
  }

  private static UnsupportedOperationException refusal() {
    return new UnsupportedOperationException(
        "Cannot train a folded network: its batch normalisations are gone; "
            + "train the network that it was made of and fold that again");
  }
}
