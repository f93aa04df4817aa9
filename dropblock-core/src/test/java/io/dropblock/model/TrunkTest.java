package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dropblock.nn.BatchNorm;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrunkTest {
  private static final Optimizer OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));

  static Stream<Trunk> trunks() {
    return Stream.of(
        new ResNet(50), new ResNet(101, 16), new CifarResNet(8), new CifarResNet(20, 24));
  }

  @ParameterizedTest
  @MethodSource("trunks")
  void hasItsLevelsWhereItSays(Trunk trunk) {
    MapShape image = new MapShape(3, 101, 70);
    Map<String, MapShape> outputs =
        NetworkSummary.of(configuration(trunk, Regularization.none()), image).layers().stream()
            .collect(Collectors.toMap(LayerSummary::name, LayerSummary::output));
    assertThat(trunk.levels())
        .hasSize(trunk.groups())
        .allSatisfy(
            level ->
                assertThat(outputs.get(level.vertex()))
                    .isEqualTo(
                        new MapShape(
                            level.channels(),
                            (101 + level.stride() - 1) / level.stride(),
                            (70 + level.stride() - 1) / level.stride())));
    assertThat(trunk.levels()).extracting(Level::number).first().isEqualTo(2);
  }

  @Test
  void namesTheLevelsOfTheLiterature() {
    assertThat(new ResNet(101).levels())
        .containsExactly(
            new Level(2, "group1/block2/sum", 256, 4),
            new Level(3, "group2/block3/sum", 512, 8),
            new Level(4, "group3/block22/sum", 1024, 16),
            new Level(5, "group4/block2/sum", 2048, 32));
    assertThat(new CifarResNet(8, 4).levels())
        .containsExactly(
            new Level(2, "group1/block0/sum", 4, 1),
            new Level(3, "group2/block0/sum", 8, 2),
            new Level(4, "group3/block0/sum", 16, 4));
  }

  @Test
  void givesAllNormalisationsTheSameSettings() {
    NormSettings settings = new NormSettings(.75, 1e-3);
    var network =
        new Architecture(new CifarResNet(8), new ClassificationHead(3), settings)
            .configuration(new MapShape(3, 32, 32), Regularization.none(), OPTIMIZER, 1);
    assertThat(Layers.of(network))
        .filteredOn(BatchNorm.class::isInstance)
        .hasSize(9)
        .extracting(norm -> ((BatchNorm) norm).getDecay(), norm -> ((BatchNorm) norm).getEps())
        .containsOnly(tuple(.75, 1e-3));
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new NormSettings(1, 1e-5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid decay of batch normalisation: 1.0 is not in [0, 1)");
    assertThatThrownBy(() -> new NormSettings(.9, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid epsilon of batch normalisation: 0.0 is not a finite number above 0");
  }

  @Test
  void refusesToDropInAHeadWithoutSites() {
    assertThatThrownBy(() -> configuration(new CifarResNet(8), Regularization.dropBlockInHead(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot regularize the head of CIFAR ResNet-8: it has no site that drops, "
                + "only residual groups have");
  }

  private static ComputationGraphConfiguration configuration(
      Trunk trunk, Regularization regularization) {
    return Architecture.classifier(trunk, 10)
        .configuration(new MapShape(3, 32, 32), regularization, OPTIMIZER, 1);
  }
}
