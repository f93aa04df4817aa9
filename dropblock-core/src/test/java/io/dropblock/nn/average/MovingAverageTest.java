package io.dropblock.nn.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class MovingAverageTest {
  private static final double DECAY = .5;

  /** What NumPy and PyTorch make of the same weights (moving_average.py). */
  @ParameterizedTest
  @CsvSource({"FLOAT, 1e-6", "DOUBLE, 1e-12"})
  void isThatOfTheFormula(DataType type, double tolerance) throws IOException {
    List<double[]> steps = expected();
    ComputationGraph network = threeWeights(type);
    network.params().assign(row(steps.get(0), 0, type));
    MovingAverage average = MovingAverage.of(network);
    INDArray values = average.values();
    for (int step = 0; step < steps.size(); step++) {
      if (step > 0) {
        network.params().assign(row(steps.get(step), 0, type));
        average.update(MovingAverage.decay(DECAY, step));
      }
      assertThat(average.values().toDoubleVector())
          .as("step %d", step)
          .containsExactly(Arrays.copyOfRange(steps.get(step), 3, 6), within(tolerance));
    }
    assertThat(steps).hasSize(21);
    assertThat(average.values()).isSameAs(values);
    assertThat(values.dataType()).isEqualTo(type);
  }

  private static INDArray row(double[] numbers, int from, DataType type) {
    return Nd4j.createFromArray(Arrays.copyOfRange(numbers, from, from + 3))
        .castTo(type)
        .reshape(1, 3);
  }

  private static List<double[]> expected() throws IOException {
    try (InputStream in = MovingAverageTest.class.getResourceAsStream("moving_average.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }

  /** By hand: 2/11, 3/12, and 0.9999 from (1 + t) / (10 + t) = 0.9999 on, t = 89,990. */
  @Test
  void decayGrowsToItsHighest() {
    assertThat(MovingAverage.decay(.9999, 1)).isEqualTo(2 / 11.0);
    assertThat(MovingAverage.decay(.9999, 2)).isEqualTo(.25);
    assertThat(MovingAverage.decay(.9999, 89_989)).isLessThan(.9999);
    assertThat(MovingAverage.decay(.9999, 89_991)).isEqualTo(.9999);
    assertThat(MovingAverage.decay(0, 1)).isZero();
  }

  /** What is frozen, or is multiplied and divided by the same, must not creep. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void whatDoesNotMoveStaysBitForBit(DataType type) {
    ComputationGraph network = threeWeights(type);
    network.params().assign(Nd4j.createFromArray(1.3, -.7e-3, 91.1).castTo(type).reshape(1, 3));
    MovingAverage average = MovingAverage.of(network);
    for (int i = 0; i < 50; i++) {
      average.update(.9999);
    }
    assertThat(average.values()).isEqualTo(network.params());
    assertThat(average.values().data()).isNotSameAs(network.params().data());
  }

  /** As in TensorFlow: variances of 1 and 3 make 2. */
  @Test
  void movingStatisticsAreInIt() {
    ComputationGraph network = normalised();
    INDArray variance = network.getParam("norm_var");
    INDArray mean = network.getParam("norm_mean");
    variance.assign(1);
    mean.assign(2);
    MovingAverage average = MovingAverage.of(network);
    variance.assign(3);
    mean.assign(6);
    average.update(.5);
    ComputationGraph averaged = NetworkState.of(network).averaged().restore();
    assertThat(averaged.getParam("norm_var").toDoubleVector())
        .containsOnly(new double[] {2, 2, 2}, within(1e-12));
    assertThat(averaged.getParam("norm_mean").toDoubleVector())
        .containsOnly(new double[] {4, 4, 4}, within(1e-12));
    INDArray images = Nd4j.rand(DataType.DOUBLE, 2, 3);
    INDArray expected = images.sub(4).div(Math.sqrt(2 + 1e-5));
    assertThat(averaged.feedForward(images, false).get("norm").equalsWithEps(expected, 1e-9))
        .isTrue();
  }

  @Test
  void aStateHasIt() {
    ComputationGraph network = threeWeights(DataType.FLOAT);
    assertThat(NetworkState.of(network).hasAverage()).isFalse();
    INDArray begin = network.params().dup();
    MovingAverage.of(network);
    network.params().addi(1);
    NetworkState state = NetworkState.of(network);
    assertThat(state.arrays()).containsOnlyKeys("parameters", "average");
    ComputationGraph restored = state.restore();
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(MovingAverage.in(restored).orElseThrow().values()).isEqualTo(begin);
    assertThat(state.averaged().restore().params()).isEqualTo(begin);
    assertThat(MovingAverage.in(state.averaged().restore())).isEmpty();
    assertThat(state.raw().restore().params()).isEqualTo(network.params());
    assertThat(MovingAverage.in(state.raw().restore())).isEmpty();
    assertThatThrownBy(() -> state.raw().averaged())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot take the moving average: there is none");
    assertThatThrownBy(() -> state.assignTo(threeWeights(DataType.FLOAT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there are [parameters, average] in place of [parameters]");
  }

  /** A clone of DL4J's shares its listeners with the network. */
  @Test
  void belongsToOneNetwork() {
    ComputationGraph network = threeWeights(DataType.FLOAT);
    TrainingListener other = new BaseTrainingListener() {};
    network.setListeners(other);
    MovingAverage average = MovingAverage.of(network);
    assertThat(MovingAverage.in(network)).containsSame(average);
    assertThat(MovingAverage.in(network.clone())).isEmpty();
    MovingAverage again = MovingAverage.of(network);
    assertThat(network.getListeners()).containsExactly(other, again);
  }

  @Test
  void isLookedAtForNumbersThatAreNotFinite() {
    ComputationGraph network = threeWeights(DataType.FLOAT);
    MovingAverage.of(network).values().putScalar(1, Float.NaN);
    assertThat(NotFinite.in(network)).contains("the moving average of the weights");
    assertThat(NotFinite.in(NetworkState.of(network)))
        .contains("the moving average of the weights");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -.1, 1.5, Double.NaN})
  void refusesADecayThatIsNone(double decay) {
    MovingAverage average = MovingAverage.of(threeWeights(DataType.FLOAT));
    String told = "Cannot average weights with decay " + decay + ": it is not in [0, 1)";
    assertThatThrownBy(() -> average.update(decay))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(told);
    assertThatThrownBy(() -> MovingAverage.decay(decay, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(told);
    assertThatThrownBy(() -> MovingAverage.decay(.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot tell the decay of update 0");
  }

  private static ComputationGraph threeWeights(DataType type) {
    return network(
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .updater(new Sgd(.1))
            .graphBuilder()
            .addInputs("in")
            .addLayer("out", output(false), "in"));
  }

  private static ComputationGraph normalised() {
    return network(
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.DOUBLE)
            .updater(new Sgd(.1))
            .graphBuilder()
            .addInputs("in")
            .addLayer("norm", new BatchNorm(.9, 1e-5, 1, false), "in")
            .addLayer("out", output(true), "norm"));
  }

  private static OutputLayer output(boolean bias) {
    return new OutputLayer.Builder(LossFunction.MSE)
        .nOut(1)
        .hasBias(bias)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static ComputationGraph network(GraphBuilder graph) {
    ComputationGraph network =
        new ComputationGraph(
            graph.setInputTypes(InputType.feedForward(3)).setOutputs("out").build());
    network.init();
    return network;
  }
}
