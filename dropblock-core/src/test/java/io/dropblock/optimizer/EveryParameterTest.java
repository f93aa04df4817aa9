package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.genotype.Genotype;
import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.model.AmoebaNet;
import io.dropblock.model.Architecture;
import io.dropblock.model.Auxiliary;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.ClassificationHead;
import io.dropblock.model.DetectionHead;
import io.dropblock.model.LayerSummary;
import io.dropblock.model.MapShape;
import io.dropblock.model.NetworkSummary;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Pyramid;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.SegmentationHead;
import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.pyramid.Upsampling;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Each parameter of each of our networks, in every walk over a network: the rate, the decay, the
 * summary, the checkpoint.
 */
class EveryParameterTest {
  private static final MapShape IMAGE = new MapShape(3, 32, 32);
  private static final int CLASSES = 5;
  private static final double MOMENTUM = .5;

  /**
   * A network of ours, narrow.
   *
   * @param labels of four images, an array for each output
   * @param configuration for an optimiser
   */
  private record Case(
      String title,
      List<INDArray> labels,
      Function<Optimizer, ComputationGraphConfiguration> configuration) {
    @Override
    public String toString() {
      return title;
    }
  }

  /** All there are: a new one is added here. */
  private static Stream<Case> networks() {
    List<INDArray> ofImages = List.of(Nd4j.ones(DataType.FLOAT, 4, 1));
    return Stream.of(
        new Case(
            "ResNet-50",
            ofImages,
            optimizer ->
                Architecture.classifier(new ResNet(50, 4), CLASSES)
                    .configuration(IMAGE, Regularization.none(), optimizer, 1)),
        new Case(
            "CIFAR ResNet-8",
            ofImages,
            optimizer ->
                Architecture.classifier(new CifarResNet(8, 4), CLASSES)
                    .configuration(IMAGE, Regularization.dropBlock(3, List.of(3)), optimizer, 1)),
        new Case(
            "AmoebaNet",
            List.of(ofImages.get(0), ofImages.get(0)),
            optimizer ->
                new Architecture(
                        new AmoebaNet(1, 4, 4, Genotype.AMOEBANET_B),
                        new ClassificationHead(CLASSES, 0, .5, Optional.of(new Auxiliary(2, .4))),
                        NormSettings.CLASSIFICATION)
                    .configuration(IMAGE, Regularization.none(), optimizer, 1)),
        new Case(
            "CIFAR ResNet-8-FPN segmentation",
            List.of(Nd4j.ones(DataType.FLOAT, 4, 16, 16)),
            optimizer ->
                new Architecture(
                        new CifarResNet(8, 4),
                        new SegmentationHead(CLASSES, new Pyramid(3, 4, 6), 5, 2),
                        NormSettings.PYRAMID)
                    .configuration(IMAGE, Regularization.dropBlockInHead(3), optimizer, 1)),
        new Case(
            "RetinaNet CIFAR ResNet-8-FPN",
            // 16 x 16, 8 x 8, 4 x 4 and 2 x 2 positions with two anchors
            List.of(
                Nd4j.ones(DataType.FLOAT, 4, 2 * 340), Nd4j.ones(DataType.FLOAT, 4, 2 * 340, 5)),
            optimizer ->
                new Architecture(
                        new CifarResNet(8, 4),
                        new DetectionHead(
                            CLASSES, new Pyramid(3, 6, 6, Upsampling.NEAREST), 5, 2, 2),
                        NormSettings.PYRAMID)
                    .configuration(IMAGE, Regularization.dropBlockInHead(3), optimizer, 1)),
        new Case("a vertex with parameters of its own", ofImages, EveryParameterTest::withVertex));
  }

  /** Those that a summary can be asked for: it refuses a vertex that it does not know. */
  private static Stream<Case> ours() {
    return networks().limit(5);
  }

  private static ComputationGraphConfiguration withVertex(Optimizer optimizer) {
    return optimizer.applyTo(
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "image")
            .addVertex("scaled", new ScaledMaps(), "conv")
            .addLayer("norm", new BatchNorm(.9, 1e-5, 1, false), "scaled")
            .addLayer(
                "out",
                new OutputLayer.Builder(new SmoothedCrossEntropy(0))
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "norm")
            .setOutputs("out")
            .build());
  }

  /**
   * A parameter.
   *
   * @param from its first element in the flat array
   * @param to the one after its last
   */
  private record Parameter(String vertex, String name, long from, long to) {
    /** What DL4J's names, and those of the vertex above, mean. */
    ParameterGroup group() {
      return switch (name.substring(name.lastIndexOf('/') + 1)) {
        case "W", "kernel" -> ParameterGroup.KERNELS;
        case "b", "bias" -> ParameterGroup.BIASES;
        case "gamma", "beta" -> ParameterGroup.NORMALIZATION;
        case "mean", "var", "log10stdev", "batches" -> ParameterGroup.STATISTICS;
        default -> throw new AssertionError("what is " + name + "?");
      };
    }

    INDArray of(INDArray flat) {
      return flat.reshape(flat.length()).get(NDArrayIndex.interval(from, to));
    }
  }

  /** From the arrays themselves: where each lies in the flat one. */
  private static List<Parameter> parameters(ComputationGraph network) {
    List<Parameter> parameters = new ArrayList<>();
    long from = 0;
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.numParams() > 0) {
        for (Map.Entry<String, INDArray> one : vertex.paramTable(false).entrySet()) {
          long to = from + one.getValue().length();
          parameters.add(new Parameter(vertex.getVertexName(), one.getKey(), from, to));
          from = to;
        }
      }
    }
    // numParams() of a graph counts those of layers only
    assertThat(from).isEqualTo(network.params().length());
    return parameters;
  }

  private static ComputationGraph network(Case of, WeightDecay decay) {
    ComputationGraph network =
        new ComputationGraph(of.configuration().apply(new Momentum(MOMENTUM, false, decay)));
    network.init();
    return network;
  }

  /**
   * What a step with a batch of four takes from the parameters, where each gradient is the same.
   */
  private static INDArray moved(ComputationGraph network, double gradient) {
    INDArray view = network.getUpdater().getFlattenedGradientsView();
    view.assign(gradient);
    network
        .getUpdater()
        .update(new DefaultGradient(view), 0, 0, 4, LayerWorkspaceMgr.noWorkspaces());
    return view;
  }

  private static void assertAll(Parameter parameter, INDArray flat, double expected) {
    INDArray values = parameter.of(flat);
    assertThat(values.minNumber().doubleValue()).as(parameter.toString()).isEqualTo(expected);
    assertThat(values.maxNumber().doubleValue()).as(parameter.toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void movesWithTheRateThatIsSetOnce(Case of) {
    ComputationGraph network = network(of, WeightDecay.none());
    OnePassUpdater.attach(network).setLearningRate(.25);
    INDArray moved = moved(network, 8);
    for (Parameter parameter : parameters(network)) {
      // the "gradient" of a statistic is what it moves by
      boolean statistic = parameter.group() == ParameterGroup.STATISTICS;
      assertAll(parameter, moved, statistic ? 8 : .25 * 8 / 4);
    }
    assertThat(((OnePassUpdater) network.getUpdater()).wasOnePass()).isTrue();
  }

  private static Stream<Arguments> networksByGroup() {
    return networks()
        .flatMap(
            of ->
                Stream.of(ParameterGroup.values())
                    .filter(group -> group != ParameterGroup.STATISTICS)
                    .map(group -> Arguments.of(of, group)));
  }

  /** In one pass, and DL4J's way. */
  @ParameterizedTest
  @MethodSource("networksByGroup")
  void decaysWithItsGroup(Case of, ParameterGroup group) {
    WeightDecay decay = new WeightDecay(.5, Set.of(group));
    ComputationGraph ours = network(of, decay);
    OnePassUpdater.attach(ours).setLearningRate(1);
    ComputationGraph plain = network(of, decay);
    plain.getUpdater().getUpdaterBlocks().stream()
        .map(block -> block.getGradientUpdater().getConfig())
        .filter(MomentumSettings.class::isInstance)
        .forEach(settings -> ((MomentumSettings) settings).setLrAndSchedule(1, null));
    for (ComputationGraph network : List.of(ours, plain)) {
      network.params().assign(4);
      INDArray moved = moved(network, 0);
      for (Parameter parameter : parameters(network)) {
        assertAll(parameter, moved, parameter.group() == group ? 2 : 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void hasItsGroup(Case of) {
    ComputationGraph network = network(of, WeightDecay.none());
    Map<String, ParameterGroup> found = new HashMap<>();
    network
        .getConfiguration()
        .getVertices()
        .forEach(
            (name, vertex) ->
                ParameterGroups.of(name, vertex)
                    .forEach((parameter, group) -> found.put(name + " " + parameter, group)));
    Map<String, ParameterGroup> expected = new HashMap<>();
    parameters(network).forEach(one -> expected.put(one.vertex() + " " + one.name(), one.group()));
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("ours")
  void isInTheSummary(Case of) {
    ComputationGraph network = network(of, WeightDecay.none());
    Map<String, Long> expected = new HashMap<>();
    parameters(network)
        .forEach(one -> expected.merge(one.vertex(), one.to() - one.from(), Long::sum));
    NetworkSummary summary = NetworkSummary.of(network.getConfiguration(), IMAGE);
    Map<String, Long> found = new HashMap<>();
    for (LayerSummary layer : summary.layers()) {
      if (layer.trainableParameters() + layer.movingStatistics() > 0) {
        found.put(layer.name(), layer.trainableParameters() + layer.movingStatistics());
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isInTheCheckpoint(Case of) {
    ComputationGraph network = network(of, WeightDecay.none());
    OnePassUpdater.attach(network).setLearningRate(1);
    List<Parameter> parameters = parameters(network);
    INDArray flat = network.getUpdater().getFlattenedGradientsView();
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).of(network.params()).assign(i);
      parameters.get(i).of(flat).assign(4 * i);
    }
    network
        .getUpdater()
        .update(new DefaultGradient(flat), 0, 0, 4, LayerWorkspaceMgr.noWorkspaces());
    NetworkState state = NetworkState.of(network);
    assertThat(state.arrays()).containsOnlyKeys("parameters", "velocity");
    ComputationGraph restored = state.restore();
    OnePassUpdater.attach(restored).setLearningRate(1);
    // nothing but what the velocity still has
    INDArray step = moved(restored, 0);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      boolean statistic = parameter.group() == ParameterGroup.STATISTICS;
      assertAll(parameter, restored.params(), i);
      assertAll(parameter, step, statistic ? 0 : i * MOMENTUM);
    }
  }

  /** DL4J's score knows the layers only. */
  @ParameterizedTest
  @MethodSource("networks")
  void isInTheScore(Case of) {
    double rate = .125;
    ComputationGraph without = network(of, WeightDecay.none());
    ComputationGraph with =
        network(
            of, new WeightDecay(rate, EnumSet.complementOf(EnumSet.of(ParameterGroup.STATISTICS))));
    OnePassUpdater.attach(without);
    OnePassUpdater.attach(with);
    double penalty = 0;
    for (Parameter parameter : parameters(with)) {
      if (parameter.group() != ParameterGroup.STATISTICS) {
        double norm = parameter.of(with.params()).norm2Number().doubleValue();
        penalty += rate / 2 * norm * norm;
      }
    }
    Nd4j.getRandom().setSeed(1);
    INDArray images = Nd4j.rand(DataType.FLOAT, 4, 3, 32, 32);
    for (ComputationGraph network : List.of(without, with)) {
      DropBlockSites.of(network).set(new DropBlockStep(1, 1, 0, 0));
      network.fit(new INDArray[] {images.dup()}, of.labels().toArray(INDArray[]::new));
    }
    assertThat(with.score() - without.score()).isCloseTo(penalty, within(1e-4 * penalty));
  }
}
