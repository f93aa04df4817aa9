package io.dropblock.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.onednn.LayerCase.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** oneDNN against DL4J's own way, layer by layer. */
class OneDnnShapesTest {
  /** Of an array's largest magnitude; two orders of 32-bit sums differ by a tenth of it. */
  private static final double TOLERANCE = 1e-5;

  static Stream<LayerCase> cases() {
    return LayerCase.all();
  }

  @AfterEach
  void switchOnAgain() {
    switchOneDnn(true);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameAsThePlainPath(LayerCase layer) {
    switchOneDnn(false);
    MultiLayerNetwork plain = network(layer);
    Map<String, INDArray> expected = run(plain, layer);
    assertThat(plain.getLayer(0).getHelper()).isNull();

    switchOneDnn(true);
    MultiLayerNetwork fast = network(layer);
    Map<String, INDArray> actual = run(fast, layer);
    assertThat(ranInHelper(fast.getLayer(0))).isEqualTo(layer.route() == Route.HELPER);

    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach((name, array) -> assertClose(name, actual.get(name), array));
  }

  private static void switchOneDnn(boolean on) {
    System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, String.valueOf(!on));
    Nd4j.getEnvironment().allowHelpers(on);
  }

  private static boolean ranInHelper(Layer layer) {
    return layer.getHelper() instanceof Accelerated helper
        && helper.ranForward()
        && helper.ranBackward();
  }

  private static void assertClose(String name, INDArray actual, INDArray expected) {
    assertThat(actual.shape()).as("shape of " + name).isEqualTo(expected.shape());
    double magnitude = expected.amaxNumber().doubleValue();
    double distance = actual.sub(expected).amaxNumber().doubleValue();
    assertThat(distance).as(name).isCloseTo(0, within(TOLERANCE * magnitude));
  }

  private static MultiLayerNetwork network(LayerCase layer) {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .activation(Activation.IDENTITY)
                .updater(new NoOp())
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .list()
                .layer(layer.layer().clone())
                .setInputType(layer.input())
                .build());
    network.init();
    var random = new Random(1);
    network
        .paramTable()
        .forEach(
            (name, parameter) -> {
              parameter.assign(normal(random, 'c', parameter.shape()));
              if (name.endsWith("_var")) {
                parameter.muli(parameter).addi(.5);
              }
            });
    return network;
  }

  /**
   * Two steps, of a batch and of a single sample: outputs in training, gradients (a batch
   * normalisation's include the movement of its statistics), and outputs in inference after each.
   */
  private static Map<String, INDArray> run(MultiLayerNetwork network, LayerCase layer) {
    Map<String, INDArray> seen = new LinkedHashMap<>();
    var random = new Random(2);
    for (long[] shape : new long[][] {layer.batch(), layer.single()}) {
      String at = " of " + shape[0];
      INDArray input = normal(random, layer.order(), shape);
      network.setInput(input);
      INDArray output = network.feedForward(true, false).get(1);
      seen.put("output" + at, output.dup());
      INDArray epsilon = normal(random, 'c', output.shape());
      var gradients = network.backpropGradient(epsilon, null);
      seen.put("epsilon" + at, gradients.getSecond().dup());
      gradients
          .getFirst()
          .gradientForVariable()
          .forEach((name, gradient) -> seen.put("gradient " + name + at, gradient.dup()));
      if (network.numParams() > 0) {
        INDArray parameters = network.params();
        parameters.subi(network.getFlattenedGradients().reshape(parameters.shape()));
      }
      seen.put("inference" + at, network.output(input).dup());
    }
    return seen;
  }

  private static INDArray normal(Random random, char order, long... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, shape, order);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }
}
