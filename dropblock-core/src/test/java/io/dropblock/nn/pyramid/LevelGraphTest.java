package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.NetworkState;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;

/** The vertices in whole networks of DL4J. */
class LevelGraphTest {

  private static DropBlockStep step(int number) {
    return new DropBlockStep(.6, 42, number, 0);
  }

  private static LevelSettings dropping(int levels) {
    return Pyramids.net(levels).dropBlock(Pyramids.block()).build();
  }

  private static ComputationGraph nesterov(WorkspaceMode workspaces, DataType type) {
    return Pyramids.twoLevels(
        Pyramids.settings(workspaces, type, new Nesterovs(.05, .9)), dropping(2));
  }

  private static void train(ComputationGraph network, int steps) {
    DataType type = network.params().dataType();
    for (int number = 0; number < steps; number++) {
      DropBlockSites.of(network).set(step(number));
      network.fit(Pyramids.batch(type, 4));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void gradientsAreThoseOfFiniteDifferences(WorkspaceMode workspaces) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    try {
      ComputationGraph network =
          Pyramids.twoLevels(
              Pyramids.settings(workspaces, DataType.DOUBLE, new NoOp()).l2(0).l2Bias(0),
              dropping(2));
      DropBlockSites.of(network).set(step(0));
      Set<String> moving =
          network.paramTable().keySet().stream()
              .filter(name -> name.endsWith("/mean") || name.endsWith("/var"))
              .collect(Collectors.toSet());
      assertThat(moving).hasSize(8);
      MultiDataSet batch = Pyramids.batch(DataType.DOUBLE, 3);
      assertThat(
              GradientCheckUtil.checkGradients(
                  new GradientCheckUtil.GraphConfig()
                      .net(network)
                      .epsilon(1e-6)
                      .maxRelError(1e-5)
                      .minAbsoluteError(1e-9)
                      .excludeParams(moving)
                      .subset(true)
                      .maxPerParam(4)
                      .inputs(batch.getFeatures())
                      .labels(batch.getLabels())))
          .isTrue();
    } finally {
      Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }
  }

  /** With momentum, and decay of weights and biases. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void trainsAsTheLayersThatItStandsFor(DataType type) {
    Nesterovs updater = new Nesterovs(.05, .9);
    ComputationGraph net =
        Pyramids.oneLevel(Pyramids.settings(WorkspaceMode.ENABLED, type, updater), dropping(1));
    ComputationGraph layers =
        Pyramids.layers(Pyramids.settings(WorkspaceMode.ENABLED, type, updater));
    // a bias that begins at 0 stays there but for rounding
    net.paramTable().get("net_conv0/b").assign(.3);
    net.paramTable().get("net_conv1/b").assign(-.2);
    net.paramTable().forEach((name, value) -> asLayers(name, value, layers));
    double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-10;
    train(net, 3);
    train(layers, 3);
    assertThat(DropBlockSites.of(net).keptFractions())
        .isEqualTo(DropBlockSites.of(layers).keptFractions())
        .containsOnlyKeys("net/conv0/level0", "net/conv1/level0")
        .allSatisfy((name, kept) -> assertThat(kept).isBetween(.3, .95));
    INDArray images = Pyramids.batch(type, 4).getFeatures(0);
    Levels.assertClose(
        "outputs", net.outputSingle(images), layers.outputSingle(images), 10 * tolerance);
    net.paramTable()
        .forEach(
            (name, value) -> {
              if (name.endsWith("/var")) {
                INDArray variance = layers.getParam("norm" + name.charAt(8) + "_var");
                Levels.assertClose(name, value, variance.reshape(value.shape()), 10 * tolerance);
              } else {
                INDArray needed = layers.getParam(layer(name));
                Levels.assertClose(name, value, needed.reshape(value.shape()), 10 * tolerance);
              }
            });
  }

  private static void asLayers(String name, INDArray value, ComputationGraph layers) {
    if (!name.endsWith("/var")) {
      INDArray other = layers.getParam(layer(name));
      other.assign(value.reshape(other.shape()));
    }
  }

  /** net_conv0/level0/gamma is norm0_gamma, net_last/W last_W. */
  private static String layer(String name) {
    return name.replaceFirst("net_conv(\\d)/level0/", "norm$1_")
        .replaceFirst("net_(conv\\d|last)/", "$1_");
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void needsNoWorkspaces(WorkspaceMode mode) {
    ComputationGraph network = nesterov(mode, DataType.FLOAT);
    ComputationGraph other = nesterov(WorkspaceMode.ENABLED, DataType.FLOAT);
    INDArray before = network.params().dup();
    train(network, 4);
    train(other, 4);
    assertThat(network.params()).isEqualTo(other.params()).isNotEqualTo(before);
  }

  @Test
  void isCopiedAndRestoredWithItsUpdaterAndItsSites() {
    ComputationGraph network =
        Pyramids.twoLevels(
            Pyramids.settings(WorkspaceMode.ENABLED, DataType.FLOAT, new Adam(.01)), dropping(2));
    train(network, 2);
    var configuration = network.getConfiguration();
    var again = ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(again.getVertices()).isEqualTo(configuration.getVertices());
    assertThat(again.toJson()).isEqualTo(configuration.toJson());
    assertThat(configuration.clone().getVertices()).isEqualTo(configuration.getVertices());
    ComputationGraph copy = network.clone();
    ComputationGraph restored = NetworkState.of(network).restore();
    for (ComputationGraph one : List.of(copy, restored)) {
      assertThat(one.params()).isEqualTo(network.params());
      assertThat(one.getUpdater().getStateViewArray())
          .isEqualTo(network.getUpdater().getStateViewArray());
    }
    assertThat(copy.getVertex("net").getConfig().getUpdaterByParam("last/W"))
        .isEqualTo(new Adam(.01))
        .isNotSameAs(network.getVertex("net").getConfig().getUpdaterByParam("last/W"));
    for (ComputationGraph one : List.of(network, copy, restored)) {
      one.getConfiguration().setIterationCount(2);
      train(one, 2);
    }
    assertThat(copy.params()).isEqualTo(network.params());
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(DropBlockSites.of(restored).keptFractions())
        .isEqualTo(DropBlockSites.of(network).keptFractions())
        .containsOnlyKeys(
            "net/conv0/level0", "net/conv1/level0", "net/conv0/level1", "net/conv1/level1");
  }

  /** No updater moves the statistics, nothing decays gamma and beta. */
  @Test
  void hasTheNetworksSettings() {
    var config = nesterov(WorkspaceMode.ENABLED, DataType.FLOAT).getVertex("net").getConfig();
    assertThat(config.getLayerName()).isEqualTo("net");
    assertThat(config.getUpdaterByParam("conv0/W")).isEqualTo(new Nesterovs(.05, .9));
    assertThat(config.getUpdaterByParam("conv0/b")).isEqualTo(new Nesterovs(.05, .9));
    assertThat(config.getUpdaterByParam("conv0/level1/gamma")).isEqualTo(new Nesterovs(.05, .9));
    assertThat(config.getUpdaterByParam("conv0/level1/var")).isEqualTo(new NoOp());
    assertThat(config.getRegularizationByParam("last/W")).hasSize(1);
    assertThat(config.getRegularizationByParam("last/b")).hasSize(1);
    assertThat(config.getRegularizationByParam("conv0/level1/beta")).isNull();
    assertThat(config.getRegularizationByParam("conv0/level1/mean")).isNull();
  }

  @Test
  void refusesToTrainWithoutAKeepProbability() {
    ComputationGraph network = nesterov(WorkspaceMode.ENABLED, DataType.FLOAT);
    assertThatThrownBy(() -> network.fit(Pyramids.batch(DataType.FLOAT, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'net/conv0/level0': no keep probability is set");
    DropBlockSites.of(network).set(new DropBlockStep(1, 42, 0, 0));
    network.fit(Pyramids.batch(DataType.FLOAT, 2));
    assertThat(DropBlockSites.of(network).keptFractions().values()).containsOnly(1.0);
  }

  @Test
  void dropsAtInferenceWhereItIsTold() {
    ComputationGraph network = nesterov(WorkspaceMode.ENABLED, DataType.FLOAT);
    INDArray images = Pyramids.batch(DataType.FLOAT, 2).getFeatures(0);
    INDArray plain = network.outputSingle(images).dup();
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(step(0));
    assertThat(network.outputSingle(images)).isEqualTo(plain);
    sites.activeAtInference(true);
    INDArray dropped = network.outputSingle(images).dup();
    assertThat(dropped).isNotEqualTo(plain);
    FoldedNetwork folded = FoldedNetwork.of(network);
    DropBlockSites.of(folded).set(step(0));
    Levels.assertClose("folded", folded.outputSingle(images), dropped, 1e-5);
  }

  @Test
  void isFoldedAsItIs() {
    ComputationGraph network = nesterov(WorkspaceMode.ENABLED, DataType.FLOAT);
    train(network, 3);
    INDArray images = Pyramids.batch(DataType.FLOAT, 2).getFeatures(0);
    INDArray output = network.outputSingle(images).dup();
    Levels.assertClose("folded", FoldedNetwork.of(network).outputSingle(images), output, 1e-5);
  }

  /** The gradient and the moving statistics of a step in parts: the means over the parts. */
  @Test
  void isTrainedInParts() {
    LevelSettings settings = Pyramids.net(2).build();
    ComputationGraph parts =
        Pyramids.twoLevels(
            Pyramids.settings(WorkspaceMode.ENABLED, DataType.DOUBLE, new Nesterovs(.05, .9)),
            settings);
    ComputationGraph whole =
        Pyramids.twoLevels(
            Pyramids.settings(WorkspaceMode.ENABLED, DataType.DOUBLE, new Nesterovs(.05, .9)),
            settings);
    MultiDataSet batch = Pyramids.batch(DataType.DOUBLE, 4);
    new GradientAccumulation(parts).fit(List.of(batch, batch));
    whole.fit(batch);
    assertThat(parts.params().sub(whole.params()).amaxNumber().doubleValue())
        .isCloseTo(0, within(1e-12));
  }
}
