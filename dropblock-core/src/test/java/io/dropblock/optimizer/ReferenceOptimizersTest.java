package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.cpu.UpdateLoops;
import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.nn.BatchNorm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Against PyTorch and TensorFlow's formula, which {@code optimizers.py} beside the numbers has: 20
 * steps with a drop of the rate, of parameters that decay, that do not, and that are frozen.
 */
class ReferenceOptimizersTest {
  private static final int STEPS = 20;
  private static final int BATCH = 4;
  private static final WeightDecay DECAY =
      new WeightDecay(.1, Set.of(ParameterGroup.KERNELS, ParameterGroup.NORMALIZATION));
  private static final Map<String, Optimizer> OPTIMIZERS =
      Map.of(
          "momentum", new Momentum(.9, false, DECAY),
          "nesterov", new Momentum(.9, true, DECAY),
          "rmsprop of AmoebaNet", new RmsProp(.9, .9, 1, DECAY),
          "rmsprop", new RmsProp(.8, 0, 1e-3, DECAY),
          "adam", new Adam(.9, .99, 1e-3, DECAY),
          "adamw", new AdamW(.9, .99, 1e-3, DECAY));

  /**
   * A line of the reference.
   *
   * @param clip 0 for none
   * @param after the parameters after all steps
   */
  private record Expected(String name, double clip, double[] after) {
    Optimizer optimizer() {
      Optimizer plain = OPTIMIZERS.get(name);
      return clip > 0 ? new Clipped(plain, clip) : plain;
    }

    @Override
    public String toString() {
      return name + " clipped to " + clip;
    }
  }

  /** The first line says what each parameter is. */
  private static List<String[]> lines() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ReferenceOptimizersTest.class.getResourceAsStream("optimizers.csv"),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> line.split(",")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Expected> expected() {
    return lines().stream().skip(1).map(ReferenceOptimizersTest::of);
  }

  private static Expected of(String[] cells) {
    double[] after = Stream.of(cells).skip(2).mapToDouble(Double::parseDouble).toArray();
    return new Expected(cells[0], Double.parseDouble(cells[1]), after);
  }

  private static ComputationGraph network(Optimizer optimizer, DataType type) {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .dataType(type)
            .graphBuilder()
            .addInputs("maps")
            .setInputTypes(InputType.convolutional(2, 2, 3))
            .addLayer("frozen", new ConvolutionLayer.Builder(1, 1).nOut(2).build(), "maps")
            .addLayer("conv", new ConvolutionLayer.Builder(1, 1).nOut(2).build(), "frozen")
            .addVertex("scaled", new ScaledMaps(), "conv")
            .addLayer("norm", new BatchNorm(.9, 1e-5, 1, false), "scaled")
            .addLayer(
                "out", new OutputLayer.Builder(new SmoothedCrossEntropy(0)).nOut(2).build(), "norm")
            .setOutputs("out")
            .build();
    optimizer.applyTo(configuration);
    new Frozen().applyTo(configuration, List.of("frozen"));
    // what it is trained by is in its JSON
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration.toJson()));
    network.init();
    return network;
  }

  /** What the reference has to know of each parameter, in the order in which they lie in memory. */
  private static List<String> groups(ComputationGraph network) {
    List<String> groups = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.numParams() > 0) {
        Map<String, ParameterGroup> kinds =
            ParameterGroups.of(
                vertex.getVertexName(),
                network.getConfiguration().getVertices().get(vertex.getVertexName()));
        vertex
            .paramTable(false)
            .forEach(
                (name, values) -> {
                  for (long i = 0; i < values.length(); i++) {
                    groups.add(group(vertex.getVertexName(), kinds.get(name)));
                  }
                });
      }
    }
    return groups;
  }

  private static String group(String vertex, ParameterGroup kind) {
    if (vertex.equals("frozen")) {
      return vertex;
    }
    return switch (kind) {
      case KERNELS, NORMALIZATION -> "decayed";
      case BIASES -> "plain";
      case STATISTICS -> "statistics";
    };
  }

  private static Stream<Arguments> expectedOfTypes() {
    return expected()
        .flatMap(
            expected ->
                Stream.of(
                    Arguments.of(expected, DataType.FLOAT, true),
                    Arguments.of(expected, DataType.FLOAT, false),
                    Arguments.of(expected, DataType.DOUBLE, false)));
  }

  /** In one pass, and by the definition, which gradients of elsewhere go through. */
  @ParameterizedTest
  @MethodSource("expectedOfTypes")
  void isTheReferences(Expected expected, DataType type, boolean inOnePass) {
    assumeTrue(!inOnePass || UpdateLoops.take(Nd4j.create(DataType.FLOAT, 1)));
    ComputationGraph network = network(expected.optimizer(), type);
    List<String> groups = groups(network);
    assertThat(groups).isEqualTo(Stream.of(lines().get(0)).skip(2).toList());
    OnePassUpdater updater = OnePassUpdater.attach(network);
    INDArray parameters = network.params().reshape(network.params().length());
    for (int i = 0; i < groups.size(); i++) {
      parameters.putScalar(i, Math.cos(i + 1));
    }
    for (int step = 0; step < STEPS; step++) {
      updater.setLearningRate(step < 10 ? .05 : .005);
      INDArray flat = inOnePass ? updater.getFlattenedGradientsView() : gradients(network);
      for (int i = 0; i < groups.size(); i++) {
        flat.putScalar(i, BATCH * (.2 + .1 * step) * Math.sin(.7 * i + 1.3 * step));
      }
      updater.update(new DefaultGradient(flat), step, 0, BATCH, LayerWorkspaceMgr.noWorkspaces());
      parameters.subi(flat.reshape(flat.length()));
    }
    assertThat(updater.wasOnePass()).isEqualTo(inOnePass);
    for (int i = 0; i < groups.size(); i++) {
      if (!groups.get(i).equals("statistics")) {
        assertThat(parameters.getDouble(i))
            .as("%s %d", groups.get(i), i)
            .isCloseTo(expected.after[i], within(type == DataType.DOUBLE ? 1e-13 : 1e-6));
      }
    }
  }

  /** Not the network's own. */
  private static INDArray gradients(ComputationGraph network) {
    return Nd4j.create(network.params().dataType(), 1, network.params().length());
  }
}
