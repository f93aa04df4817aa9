package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.model.Regularization.Site;
import io.dropblock.op.BlockGeometry;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.EnumSet;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class CifarResNetTest {
  private static final MapShape IMAGE = new MapShape(3, 32, 32);
  private static final Momentum OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));
  private static final Regularization DROPBLOCK = Regularization.dropBlock(7, List.of(2, 3));

  @ParameterizedTest
  @ValueSource(ints = {8, 20, 32, 56})
  void hasTheParametersOfItsFormula(int depth) {
    NetworkSummary summary = summary(new CifarResNet(depth), DROPBLOCK);
    // 2 n layers of 9 w^2 weights at each width w, less the two that start a group with half the
    // inputs.
    long n = (depth - 2) / 6;
    long kernels = 18 * n * (16 * 16 + 32 * 32 + 64 * 64) - 9 * (16 * 32 + 32 * 64);
    long norms = 2 * (16 + 2 * n * (16 + 32 + 64));
    long shortcuts = (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64);
    long ends = 9 * 3 * 16 + (64 + 1) * 10;
    assertThat(summary.trainableParameters()).isEqualTo(kernels + norms + shortcuts + ends);
    assertThat(summary.layers())
        .filteredOn(layer -> layer.kind().equals("LeanConvolution"))
        .hasSize(depth - 1 + 2);
  }

  @Test
  void hasMapsOf32And16And8Pixels() {
    NetworkSummary summary = summary(new CifarResNet(20), DROPBLOCK);
    assertThat(last(summary, "group1/")).isEqualTo(new MapShape(16, 32, 32));
    assertThat(last(summary, "group2/")).isEqualTo(new MapShape(32, 16, 16));
    assertThat(last(summary, "group3/")).isEqualTo(new MapShape(64, 8, 8));
  }

  @Test
  void dropsPathsBeforeTheSumOnly() {
    NetworkSummary summary = summary(new CifarResNet(8), Regularization.dropPath(List.of(2, 3)));
    var sample = new BlockGeometry(1, 1, 1, 1);
    assertThat(summary.dropBlocks())
        .containsExactly(
            new DropBlockSummary(
                "group2/block0/drop-path",
                Regularization.Kind.DROP_PATH,
                new MapShape(32, 16, 16),
                sample,
                .25),
            new DropBlockSummary(
                "group3/block0/drop-path",
                Regularization.Kind.DROP_PATH,
                new MapShape(64, 8, 8),
                sample,
                1));
    assertThat(summary.layers())
        .filteredOn(layer -> layer.name().equals("group3/block0/drop-path"))
        .extracting(LayerSummary::kind)
        .containsExactly("DropPath");
    assertThat(summary.trainableParameters())
        .isEqualTo(summary(new CifarResNet(8), Regularization.none()).trainableParameters());
  }

  @Test
  void dropsSinglePixelsAndWholeMapsOnTheBranch() {
    var dropout = summary(new CifarResNet(8), Regularization.dropout(List.of(3))).dropBlocks();
    assertThat(dropout)
        .hasSize(2)
        .allMatch(site -> site.kind() == Regularization.Kind.DROPOUT)
        .allMatch(site -> site.geometry().equals(new BlockGeometry(8, 8, 1, 1)));
    var spatial =
        summary(new CifarResNet(8), Regularization.spatialDropout(List.of(3))).dropBlocks();
    assertThat(spatial)
        .hasSize(2)
        .allMatch(site -> site.kind() == Regularization.Kind.SPATIAL_DROPOUT)
        .allMatch(site -> site.geometry().equals(new BlockGeometry(8, 8, 8, 8)));
  }

  @Test
  void dropsTwiceInABranchAndOnceOnAShortcut() {
    List<DropBlockSummary> sites = summary(new CifarResNet(8), DROPBLOCK).dropBlocks();
    assertThat(sites)
        .containsExactlyInAnyOrder(
            site("group2/block0/dropblock1", new MapShape(32, 16, 16), .25),
            site("group2/block0/dropblock2", new MapShape(32, 16, 16), .25),
            site("group2/block0/dropblock-skip", new MapShape(32, 16, 16), .25),
            site("group3/block0/dropblock1", new MapShape(64, 8, 8), 1),
            site("group3/block0/dropblock2", new MapShape(64, 8, 8), 1),
            site("group3/block0/dropblock-skip", new MapShape(64, 8, 8), 1));
    assertThat(summary(new CifarResNet(20), DROPBLOCK.at(EnumSet.of(Site.SKIP))).dropBlocks())
        .hasSize(6)
        .allMatch(site -> site.name().endsWith("/dropblock-skip"));
  }

  @Test
  void learnsThirtyTwoRandomImagesByHeart() {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 8), 4)
            .network(new MapShape(3, 8, 8), Regularization.none(), OPTIMIZER, 3);
    network.setLearningRate(.1);
    Nd4j.getRandom().setSeed(11);
    INDArray labels = Nd4j.create(DataType.FLOAT, 32, 1);
    for (int i = 0; i < 32; i++) {
      labels.putScalar(i, 0, i % 4);
    }
    DataSet images = new DataSet(Nd4j.randn(DataType.FLOAT, 32, 3, 8, 8), labels);
    network.fit(images);
    double before = network.score();
    for (int step = 0; step < 30; step++) {
      network.fit(images);
    }
    assertThat(before).isBetween(1., 2.);
    assertThat(network.score()).isLessThan(before / 4);
  }

  @Test
  void standsStillUntilSomebodySetsTheRate() {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 2), 2)
            .network(new MapShape(1, 8, 8), Regularization.none(), OPTIMIZER, 3);
    INDArray before = network.getParam("group1/block0/conv1_W").dup();
    network.fit(
        new DataSet(Nd4j.rand(DataType.FLOAT, 2, 1, 8, 8), Nd4j.ones(DataType.FLOAT, 2, 1)));
    assertThat(network.getParam("group1/block0/conv1_W")).isEqualTo(before);
  }

  @Test
  void isBuiltBitEqualFromEqualSeeds() {
    assertThat(parameters(5)).isEqualTo(parameters(5)).isNotEqualTo(parameters(6));
  }

  @Test
  void survivesJson() {
    ComputationGraphConfiguration configuration =
        Architecture.classifier(new CifarResNet(20), 10)
            .configuration(IMAGE, DROPBLOCK, OPTIMIZER, 1);
    var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(read.toJson()).isEqualTo(configuration.toJson());
    assertThat(NetworkSummary.of(read, IMAGE).dropBlocks()).hasSize(18);
  }

  @Test
  void refusesWhatItCannotBuild() {
    assertThatThrownBy(() -> new CifarResNet(21))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid CIFAR ResNet depth: 21 is not 6 n + 2 with n of at least 1");
    assertThatThrownBy(() -> new CifarResNet(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid CIFAR ResNet depth: 2 is not 6 n + 2 with n of at least 1");
    assertThatThrownBy(() -> new CifarResNet(8, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of filters: 0");
    assertThatThrownBy(
            () -> summary(new CifarResNet(20), Regularization.dropBlock(7, List.of(3, 4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot regularize group 4: CIFAR ResNet-20 has groups 1 to 3");
  }

  private static float[] parameters(long seed) {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 2), 10)
            .network(IMAGE, DROPBLOCK, OPTIMIZER, seed);
    return network.params().dup().toFloatVector();
  }

  private static NetworkSummary summary(CifarResNet trunk, Regularization regularization) {
    return NetworkSummary.of(
        Architecture.classifier(trunk, 10).configuration(IMAGE, regularization, OPTIMIZER, 1),
        IMAGE);
  }

  private static MapShape last(NetworkSummary summary, String scope) {
    List<LayerSummary> layers = summary.within(scope).layers();
    return layers.get(layers.size() - 1).output();
  }

  private static DropBlockSummary site(String name, MapShape map, double dropScale) {
    var block = BlockGeometry.clipped(map.height(), map.width(), 7, 7);
    return new DropBlockSummary(name, Regularization.Kind.DROPBLOCK, map, block, dropScale);
  }
}
