package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.cpu.UpdateLoops;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.optimizer.settings.AdamSettings;
import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.optimizer.settings.RmsPropSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What optimisers keep, in a network whose parameters DL4J updates in many blocks. */
class OptimizerStatesTest {
  private static final int BATCH = 8;
  private static final WeightDecay DECAY =
      new WeightDecay(.01, Set.of(ParameterGroup.KERNELS, ParameterGroup.NORMALIZATION));

  private static Stream<Optimizer> optimizers() {
    return Stream.of(
        new Momentum(.9, true, DECAY),
        new RmsProp(.9, .9, 1e-3, DECAY),
        new Adam(.9, .99, 1e-3, DECAY),
        new AdamW(.9, .99, 1e-3, DECAY),
        new Clipped(new RmsProp(.9, 0, 1, DECAY), .5),
        new Clipped(new Adam(.9, .99, 1e-3, DECAY), .5));
  }

  private static ComputationGraph network(Optimizer optimizer) {
    ComputationGraph network =
        new ComputationGraph(
            Architecture.classifier(new CifarResNet(8, 4), 4)
                .configuration(new MapShape(3, 16, 16), Regularization.none(), optimizer, 1));
    network.init();
    return network;
  }

  /** A step with gradients of noise, the network's own or others of the same values. */
  private static void step(ComputationGraph network, int step, boolean own) {
    OnePassUpdater updater = OnePassUpdater.attach(network);
    updater.setLearningRate(step < 3 ? .1 : .01);
    INDArray noise = noise(step, network.params().length());
    INDArray flat = own ? updater.getFlattenedGradientsView() : noise;
    flat.reshape(flat.length()).assign(noise.reshape(noise.length()));
    updater.update(new DefaultGradient(flat), step, 0, BATCH, LayerWorkspaceMgr.noWorkspaces());
    network.params().subi(flat.reshape(network.params().shape()));
    assertThat(updater.wasOnePass()).isEqualTo(own && UpdateLoops.take(noise));
  }

  private static INDArray noise(int seed, long length) {
    Random random = new Random(seed);
    float[] values = new float[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(1, length);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void onePassIsTheDefinition(Optimizer optimizer) {
    assumeTrue(UpdateLoops.take(Nd4j.create(DataType.FLOAT, 1)), "there are no native loops");
    ComputationGraph fast = network(optimizer);
    ComputationGraph plain = network(optimizer);
    for (int step = 0; step < 6; step++) {
      step(fast, step, true);
      step(plain, step, false);
    }
    assertClose(fast.params(), plain.params());
    Map<String, List<INDArray>> states = StateArrays.of(plain);
    StateArrays.of(fast)
        .forEach(
            (name, parts) -> {
              for (int part = 0; part < parts.size(); part++) {
                assertClose(parts.get(part), states.get(name).get(part));
              }
            });
  }

  private static void assertClose(INDArray found, INDArray expected) {
    assertThat(expected.norm2Number().doubleValue()).isPositive();
    assertThat(found.distance2(expected) / expected.norm2Number().doubleValue()).isLessThan(2e-6);
  }

  /** Bit for bit, the number of the step included. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void goesOnFromACheckpoint(Optimizer optimizer) {
    ComputationGraph network = network(optimizer);
    for (int step = 0; step < 4; step++) {
      step(network, step, true);
    }
    NetworkState state = NetworkState.of(network);
    ComputationGraph restored = state.restore();
    assertThat(NetworkState.of(restored)).usingRecursiveComparison().isEqualTo(state);
    for (int step = 4; step < 6; step++) {
      step(network, step, true);
      step(restored, step, true);
    }
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(restored.getUpdater().getStateViewArray())
        .isEqualTo(network.getUpdater().getStateViewArray());
  }

  /** Each as long as what is trained, in its order. */
  @Test
  void arraysHaveTheirNames() {
    long trained = network(new Momentum(.9, true, DECAY)).getUpdater().getStateViewArray().length();
    assertArrays(new RmsProp(.9, .9, 1, DECAY), trained, "mean_square", "momentum");
    assertArrays(new Adam(.9, .99, 1, DECAY), trained, "first_moment", "second_moment");
    assertArrays(
        new Clipped(new AdamW(.9, .99, 1, DECAY), 1), trained, "first_moment", "second_moment");
    assertArrays(new Momentum(.9, true, DECAY), trained, "velocity");
  }

  private static void assertArrays(Optimizer optimizer, long length, String... names) {
    ComputationGraph network = network(optimizer);
    Map<String, byte[]> arrays = NetworkState.of(network).arrays();
    assertThat(arrays.keySet())
        .containsExactlyElementsOf(
            Stream.concat(Stream.of("parameters"), Stream.of(names)).toList());
    for (String name : names) {
      assertThat(arrays.get(name)).hasSize((int) (Float.BYTES * length));
      // the mean square of RMSProp begins at 1, all else at 0
      for (INDArray part : StateArrays.of(network).get(name)) {
        assertThat(part.minNumber().doubleValue()).isEqualTo(name.equals("mean_square") ? 1 : 0);
        assertThat(part.maxNumber().doubleValue()).isEqualTo(name.equals("mean_square") ? 1 : 0);
      }
    }
  }

  /** Of one that grows along the parameters, as DL4J's blocks cut it. */
  @Test
  void arraysAreInTheOrderOfTheParameters() {
    ComputationGraph network = network(new Adam(0, 0, 1, WeightDecay.none()));
    OnePassUpdater updater = OnePassUpdater.attach(network);
    INDArray flat = updater.getFlattenedGradientsView();
    flat.reshape(flat.length()).assign(Nd4j.arange(flat.length()).castTo(DataType.FLOAT));
    updater.update(new DefaultGradient(flat), 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    List<Double> first = values(StateArrays.of(network).get("first_moment"));
    List<Double> second = values(StateArrays.of(network).get("second_moment"));
    assertThat(first).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i))
          .isCloseTo(first.get(i) * first.get(i), within(1e-6 * second.get(i)));
    }
  }

  private static List<Double> values(List<INDArray> parts) {
    List<Double> values = new ArrayList<>();
    for (INDArray part : parts) {
      for (long i = 0; i < part.length(); i++) {
        values.add(part.getDouble(i));
      }
    }
    return values;
  }

  @Test
  void statesThatAreNotFiniteAreFound() {
    ComputationGraph network = network(new Adam(.9, .99, 1e-8, DECAY));
    assertThat(NotFinite.in(network)).isEmpty();
    List<INDArray> parts = StateArrays.of(network).get("second_moment");
    parts.get(parts.size() - 1).putScalar(0, Float.NaN);
    assertThat(NotFinite.in(network)).contains("the updater's state");
    assertThat(NotFinite.in(NetworkState.of(network))).contains("the updater's state");
  }

  @Test
  void statesOfAnotherOptimizerAreRefused() {
    NetworkState adam = NetworkState.of(network(new Adam(.9, .99, 1e-8, DECAY)));
    ComputationGraph rms = network(new RmsProp(.9, .9, 1, DECAY));
    assertThatThrownBy(() -> adam.assignTo(rms))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot restore the network: there are [parameters, first_moment, second_moment] in"
                + " place of [parameters, mean_square, momentum]");
    assertThatThrownBy(
            () ->
                new AdamSettings(.9, .99, 1).instantiate(Map.of("velocity", Nd4j.zeros(3)), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot set the state of an optimizer: there are [velocity] in place of [first_moment,"
                + " second_moment]");
  }

  private static Stream<OptimizerSettings> settings() {
    return optimizers().map(optimizer -> (OptimizerSettings) optimizer.updater());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void settingsAreCopiedWhole(OptimizerSettings settings) {
    settings.setLrAndSchedule(.25, null);
    OptimizerSettings copy = settings.clone();
    assertThat(copy).isEqualTo(settings).hasSameHashCodeAs(settings).isNotSameAs(settings);
    copy.setLrAndSchedule(.5, null);
    assertThat(settings.getLearningRate(0, 0)).isEqualTo(.25);
    assertThat(copy).isNotEqualTo(settings);
    assertThat(settings.clippedBy(7)).isNotEqualTo(settings);
    assertThat(settings.clippedBy(7).clone().clipNorm()).isEqualTo(7);
  }

  @Test
  void settingsAreEqualWithEqualNumbersOnly() {
    List<OptimizerSettings> different =
        List.of(
            new RmsPropSettings(.9, .8, 1),
            new RmsPropSettings(.8, .8, 1),
            new RmsPropSettings(.9, .9, 1),
            new RmsPropSettings(.9, .8, 2),
            new AdamSettings(.9, .8, 1),
            new AdamSettings(.8, .8, 1),
            new AdamSettings(.9, .9, 1),
            new AdamSettings(.9, .8, 2),
            new MomentumSettings(.9, true),
            new MomentumSettings(.9, false),
            new MomentumSettings(.8, true));
    assertThat(Set.copyOf(different)).hasSameSizeAs(different);
    assertThat(different.get(0))
        .hasToString("RmsPropSettings(decay=0.9, momentum=0.8, epsilon=1.0, learningRate=0.0)");
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void staysInTheJson(Optimizer optimizer) {
    ComputationGraphConfiguration network = network(optimizer).getConfiguration();
    String json = network.toJson();
    assertThat(ComputationGraphConfiguration.fromJson(json)).isEqualTo(network);
    assertThat(ComputationGraphConfiguration.fromJson(json).toJson()).isEqualTo(json);
  }

  /** Without the keys that configurations did not have when momentum was alone. */
  @Test
  void olderConfigurationsAreRead() {
    ComputationGraphConfiguration network =
        network(new Momentum(.9, true, DECAY)).getConfiguration();
    String json = network.toJson();
    String older = json.replaceAll("\"(clipNorm|decoupledDecay|decoupled)\" : (0\\.0|false),?", "");
    older = older.replaceAll(",(\\s*})", "$1");
    assertThat(json).contains("clipNorm").contains("decoupledDecay");
    assertThat(older).doesNotContain("clipNorm").doesNotContain("decoupled");
    assertThat(ComputationGraphConfiguration.fromJson(older)).isEqualTo(network);
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertRefused(
        () -> new RmsProp(1, .9, 1, DECAY),
        "Invalid decay of the mean square: 1.0 is not in [0, 1)");
    assertRefused(() -> new RmsProp(.9, -1, 1, DECAY), "Invalid momentum: -1.0 is not in [0, 1)");
    assertRefused(
        () -> new RmsProp(.9, .9, 0, DECAY),
        "Invalid epsilon: 0.0 is not above 0 and finite as a float");
    assertRefused(() -> new Adam(1, .9, 1, DECAY), "Invalid beta1: 1.0 is not in [0, 1)");
    assertRefused(() -> new AdamW(.9, Double.NaN, 1, DECAY), "Invalid beta2: NaN is not in [0, 1)");
    assertRefused(
        () -> new AdamW(.9, .9, 1e-60, DECAY),
        "Invalid epsilon: 1.0E-60 is not above 0 and finite as a float");
    assertRefused(
        () -> new AdamSettings(.9, .9, 1e60),
        "Invalid epsilon: 1.0E60 is not above 0 and finite as a float");
  }

  private static void assertRefused(Runnable make, String message) {
    assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
