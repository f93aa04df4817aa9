package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.op.BlockGeometry;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Expected counts were computed from the TensorFlow graph. */
class SegmentationHeadTest {
  private static final MapShape IMAGE = new MapShape(3, 513, 513);
  private static final Optimizer OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-5));
  private static final SegmentationHead SMALL =
      new SegmentationHead(4, new Pyramid(2, 4, 24), 16, 1);

  @ParameterizedTest
  @CsvSource({"50, 28611925, 40271000000", "101, 47604053, 60896000000"})
  void costsWhatItsDepthCosts(int depth, long parameters, long multiplyAdds) {
    NetworkSummary summary = summary(new ResNet(depth), new SegmentationHead(21), IMAGE);
    assertThat(summary.trainableParameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isCloseTo(multiplyAdds, within(500_000L));
    assertThat(summary.within("pyramid/").trainableParameters()).isEqualTo(2_690_048);
    assertThat(summary.within("head/").trainableParameters()).isEqualTo(2_413_845);
    // two a channel: 3 levels of the pyramid, 3 x 3 of the shared convolutions, the sum
    assertThat(summary.within("pyramid/").movingStatistics()).isEqualTo(3 * 2 * 256);
    assertThat(summary.within("head/").movingStatistics()).isEqualTo((3 * 3 + 1) * 2 * 256);
  }

  @Test
  void hasTheMapsOfThePaper() {
    var outputs = outputs(summary(new ResNet(50), new SegmentationHead(21), IMAGE));
    assertThat(outputs)
        .containsEntry("pyramid/bn3", new MapShape(256, 65, 65))
        .containsEntry("pyramid/bn4", new MapShape(256, 33, 33))
        .containsEntry("pyramid/bn5", new MapShape(256, 17, 17))
        .containsEntry("head/levels", new MapShape(256, 65, 65))
        .containsEntry("head/logits", new MapShape(21, 65, 65));
  }

  @Test
  void sitsOnASmallTrunkAtItsFirstLevelsStride() {
    MapShape image = new MapShape(3, 30, 46);
    assertThat(outputs(summary(new CifarResNet(8, 4), SMALL, image)))
        .containsEntry("pyramid/bn2", new MapShape(24, 30, 46))
        .containsEntry("pyramid/bn4", new MapShape(24, 8, 12))
        .containsEntry("head/levels", new MapShape(16, 30, 46))
        .containsEntry("head/logits", new MapShape(4, 30, 46));
    var upperLevels = new SegmentationHead(4, new Pyramid(3, 4, 24), 16, 1);
    assertThat(outputs(summary(new CifarResNet(8, 4), upperLevels, image)))
        .containsEntry("head/logits", new MapShape(4, 15, 23));
    var oneLevel = new SegmentationHead(4, new Pyramid(4, 4, 24), 16, 0);
    assertThat(outputs(summary(new CifarResNet(8, 4), oneLevel, image)))
        .containsEntry("head/logits", new MapShape(4, 8, 12));
  }

  @Test
  void goesDownThePyramid() {
    Map<String, List<String>> inputs =
        configuration(new ResNet(50), new SegmentationHead(21), Regularization.none())
            .getVertexInputs();
    assertThat(inputs)
        .containsEntry("pyramid/lateral5", List.of("group4/block2/sum"))
        .containsEntry("pyramid/conv5", List.of("pyramid/lateral5"))
        .containsEntry("pyramid/lateral4", List.of("group3/block5/sum"))
        .containsEntry("pyramid/sum4", List.of("pyramid/lateral5", "pyramid/lateral4"))
        .containsEntry("pyramid/sum3", List.of("pyramid/sum4", "pyramid/lateral3"))
        .containsEntry("pyramid/conv3", List.of("pyramid/sum3"))
        .containsEntry("pyramid/bn3", List.of("pyramid/conv3"))
        .containsEntry("head/levels", List.of("pyramid/bn3", "pyramid/bn4", "pyramid/bn5"))
        .containsEntry("head/bn", List.of("head/levels"))
        .containsEntry("head/classes", List.of("head/bn"));
  }

  @Test
  void startsWithWeightsOfTheRightSize() {
    ComputationGraph network =
        new Architecture(
                new CifarResNet(8, 4),
                new SegmentationHead(4, new Pyramid(2, 4, 64), 64, 1),
                NormSettings.PYRAMID)
            .network(new MapShape(3, 16, 16), Regularization.none(), OPTIMIZER, 5);
    for (String name : List.of("head/classes_W", "head/levels_conv0/W", "head/levels_last/W")) {
      assertThat(network.paramTable().get(name).stdNumber().doubleValue())
          .as(name)
          .isCloseTo(.01, within(.0005));
    }
    // uniform between +-limit
    double limit = Math.sqrt(6. / (9 * (64 + 64)));
    INDArray smoothing = network.paramTable().get("pyramid/conv3_W");
    assertThat(smoothing.amaxNumber().doubleValue()).isBetween(.99 * limit, limit);
    assertThat(smoothing.stdNumber().doubleValue())
        .isCloseTo(limit / Math.sqrt(3), within(.01 * limit));
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.endsWith("_b") || name.endsWith("/b")) {
                assertThat(values.amaxNumber().doubleValue()).as(name).isZero();
              }
            });
  }

  @Test
  void dropsBehindEachSharedConvolutionOnEachLevel() {
    List<DropBlockSummary> sites =
        NetworkSummary.of(
                configuration(
                    new ResNet(50), new SegmentationHead(21), Regularization.dropBlockInHead(16)),
                IMAGE)
            .dropBlocks();
    assertThat(sites)
        .hasSize(9)
        .contains(
            site("head/levels/conv0/level0", 65, 16),
            site("head/levels/conv0/level1", 33, 16),
            site("head/levels/conv1/level2", 17, 16),
            site("head/levels/conv2/level0", 65, 16));
  }

  @Test
  void dropsInTrunkAndHeadTogether() {
    Regularization both =
        Regularization.dropBlock(7, List.of(4))
            .at(EnumSet.of(Regularization.Site.SKIP, Regularization.Site.HEAD));
    assertThat(
            NetworkSummary.of(configuration(new ResNet(50), new SegmentationHead(21), both), IMAGE)
                .dropBlocks())
        .hasSize(3 + 9);
  }

  @Test
  void survivesJson() {
    ComputationGraphConfiguration configuration =
        configuration(new ResNet(50), new SegmentationHead(21), Regularization.dropBlockInHead(4));
    var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(read).isEqualTo(configuration);
    assertThat(NetworkSummary.of(read, IMAGE)).isEqualTo(NetworkSummary.of(configuration, IMAGE));
  }

  @Test
  void refusesWhatItCannotBuild() {
    assertThatThrownBy(() -> new SegmentationHead(256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid number of classes: 256 is not in 2 to 255, the label 255 stands for void");
    assertThatThrownBy(() -> new SegmentationHead(4, new Pyramid(2, 4, 8), 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of filters: 0");
    assertThatThrownBy(() -> new SegmentationHead(4, new Pyramid(2, 4, 8), 8, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of convolutions: -1");
    assertThatThrownBy(() -> new Pyramid(4, 3, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid pyramid: level 4 is above level 3");
    assertThatThrownBy(
            () ->
                configuration(
                    new CifarResNet(8),
                    new SegmentationHead(4, new Pyramid(2, 3, 8), 8, 1),
                    Regularization.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot build a pyramid of levels 2 to 3: the trunk has levels 2 to 4, and the pyramid"
                + " must begin with one of them and go on to the last or behind it");
    var noConvolution = new SegmentationHead(4, new Pyramid(2, 4, 8), 8, 0);
    assertThatThrownBy(
            () ->
                configuration(new CifarResNet(8), noConvolution, Regularization.dropBlockInHead(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot regularize the head of CIFAR ResNet-8-FPN segmentation:");
  }

  private static ComputationGraphConfiguration configuration(
      Trunk trunk, Head head, Regularization regularization) {
    return new Architecture(trunk, head, NormSettings.PYRAMID)
        .configuration(IMAGE, regularization, OPTIMIZER, 1);
  }

  private static NetworkSummary summary(Trunk trunk, Head head, MapShape image) {
    return NetworkSummary.of(configuration(trunk, head, Regularization.none()), image);
  }

  private static Map<String, MapShape> outputs(NetworkSummary summary) {
    return summary.layers().stream()
        .collect(Collectors.toMap(LayerSummary::name, LayerSummary::output));
  }

  private static DropBlockSummary site(String name, int side, int block) {
    return new DropBlockSummary(
        name,
        Regularization.Kind.DROPBLOCK,
        new MapShape(256, side, side),
        BlockGeometry.clipped(side, side, block, block),
        1);
  }
}
