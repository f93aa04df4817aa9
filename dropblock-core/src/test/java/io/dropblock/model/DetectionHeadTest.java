package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.pyramid.Upsampling;
import io.dropblock.op.BlockGeometry;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
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
class DetectionHeadTest {
  private static final MapShape IMAGE = new MapShape(3, 640, 640);
  private static final Optimizer OPTIMIZER =
      new Momentum(.9, false, WeightDecay.ofKernelsAndBiases(1e-4));
  private static final DetectionHead SMALL =
      new DetectionHead(4, new Pyramid(3, 6, 24, Upsampling.NEAREST), 16, 1, 2);

  @ParameterizedTest
  @CsvSource({
    "50, 90, 34070414, 96703000000",
    "50, 80, 33862964, 94936000000",
    "50, 91, 34091159, 96880000000",
    "101, 90, 53062542, 127007000000"
  })
  void costsWhatItsDepthAndClassesCost(int depth, int classes, long parameters, long multiplyAdds) {
    NetworkSummary summary = summary(new ResNet(depth), new DetectionHead(classes), IMAGE);
    assertThat(summary.trainableParameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isCloseTo(multiplyAdds, within(500_000L));
  }

  @Test
  void hasTheReferencesParts() {
    NetworkSummary summary = summary(new ResNet(50), new DetectionHead(90), IMAGE);
    assertThat(summary.movingStatistics()).isEqualTo(76_160);
    assertThat(summary.within("pyramid/").trainableParameters()).isEqualTo(3_871_232);
    assertThat(summary.within("head/class-net").trainableParameters()).isEqualTo(4_237_610);
    assertThat(summary.within("head/box-net").trainableParameters()).isEqualTo(2_453_540);
    assertThat(summary.within("head/").trainableParameters()).isEqualTo(4_237_610 + 2_453_540);
  }

  @Test
  void hasTheMapsOfThePaper() {
    var outputs = outputs(summary(new ResNet(50), new DetectionHead(90), IMAGE));
    assertThat(outputs)
        .containsEntry("pyramid/bn3", new MapShape(256, 80, 80))
        .containsEntry("pyramid/bn4", new MapShape(256, 40, 40))
        .containsEntry("pyramid/bn5", new MapShape(256, 20, 20))
        .containsEntry("pyramid/bn6", new MapShape(256, 10, 10))
        .containsEntry("pyramid/bn7", new MapShape(256, 5, 5))
        // 80 * 80 + 40 * 40 + 20 * 20 + 10 * 10 + 5 * 5 positions
        .containsEntry("head/classes", new MapShape(9 * 90, 8525, 1))
        .containsEntry("head/boxes", new MapShape(9 * 4, 8525, 1));
  }

  @Test
  void goesDownThePyramidAndBehindTheTrunk() {
    Map<String, List<String>> inputs =
        configuration(new ResNet(50), new DetectionHead(90), IMAGE, Regularization.none())
            .getVertexInputs();
    assertThat(inputs)
        .containsEntry("pyramid/sum4", List.of("pyramid/lateral5", "pyramid/lateral4"))
        .containsEntry("pyramid/conv5", List.of("pyramid/lateral5"))
        .containsEntry("pyramid/conv6", List.of("pyramid/conv5"))
        .containsEntry("pyramid/bn6", List.of("pyramid/conv6"))
        .containsEntry("pyramid/relu6", List.of("pyramid/conv6"))
        .containsEntry("pyramid/conv7", List.of("pyramid/relu6"))
        .containsEntry("pyramid/bn7", List.of("pyramid/conv7"))
        .doesNotContainKeys("pyramid/relu5", "pyramid/lateral6", "pyramid/sum5")
        .containsEntry("head/classes", List.of("head/class-net"))
        .containsEntry("head/boxes", List.of("head/box-net"));
    for (String net : List.of("head/class-net", "head/box-net")) {
      assertThat(inputs.get(net))
          .containsExactly(
              "pyramid/bn3", "pyramid/bn4", "pyramid/bn5", "pyramid/bn6", "pyramid/bn7");
    }
  }

  /** Levels of 16 x 24, 8 x 12, 4 x 6, 2 x 3. */
  @Test
  void sitsOnASmallTrunk() {
    MapShape image = new MapShape(3, 32, 48);
    assertThat(outputs(summary(new CifarResNet(8, 4), SMALL, image)))
        .containsEntry("pyramid/bn3", new MapShape(24, 16, 24))
        .containsEntry("pyramid/bn6", new MapShape(24, 2, 3))
        .containsEntry("head/classes", new MapShape(8, 510, 1))
        .containsEntry("head/boxes", new MapShape(8, 510, 1));
  }

  @Test
  void hasItsNameAndOutputs() {
    assertThat(
            new Architecture(new ResNet(50), new DetectionHead(90), NormSettings.PYRAMID).title())
        .isEqualTo("RetinaNet ResNet-50-FPN");
    assertThat(
            configuration(new ResNet(50), new DetectionHead(90), IMAGE, Regularization.none())
                .getNetworkOutputs())
        .containsExactly("head/classes", "head/boxes");
  }

  @Test
  void startsWithTheReferencesWeights() {
    ComputationGraph network =
        new Architecture(
                new CifarResNet(8, 4),
                new DetectionHead(4, new Pyramid(3, 6, 64, Upsampling.NEAREST), 64, 1, 9),
                NormSettings.PYRAMID)
            .network(new MapShape(3, 16, 16), Regularization.none(), OPTIMIZER, 5);
    Map<String, INDArray> parameters = network.paramTable();
    for (String net : List.of("head/class-net", "head/box-net")) {
      for (String name : List.of("_conv0/W", "_last/W")) {
        assertThat(parameters.get(net + name).stdNumber().doubleValue())
            .as(net + name)
            .isCloseTo(.01, within(.0005));
      }
    }
    // -log((1 - .01) / .01)
    INDArray prior = parameters.get("head/class-net_last/b");
    assertThat(prior.length()).isEqualTo(4 * 9);
    assertThat(prior.minNumber().doubleValue()).isCloseTo(-4.59511985, within(1e-6));
    assertThat(prior.maxNumber().doubleValue()).isCloseTo(-4.59511985, within(1e-6));
    assertThat(parameters.get("head/box-net_last/b").amaxNumber().doubleValue()).isZero();
    // uniform between +-limit, whatever the stride
    double limit = Math.sqrt(6. / (9 * (64 + 64)));
    for (String name : List.of("pyramid/conv3_W", "pyramid/conv5_W", "pyramid/conv6_W")) {
      INDArray weights = parameters.get(name);
      assertThat(weights.amaxNumber().doubleValue()).as(name).isBetween(.99 * limit, limit);
      assertThat(weights.stdNumber().doubleValue())
          .as(name)
          .isCloseTo(limit / Math.sqrt(3), within(.01 * limit));
    }
  }

  @Test
  void dropsBehindEachSharedConvolutionOnEachLevel() {
    List<DropBlockSummary> sites =
        NetworkSummary.of(
                configuration(
                    new ResNet(50),
                    new DetectionHead(90),
                    IMAGE,
                    Regularization.dropBlockInHead(16)),
                IMAGE)
            .dropBlocks();
    assertThat(sites)
        .hasSize(2 * 4 * 5)
        .contains(
            site("head/class-net/conv0/level0", 80),
            site("head/class-net/conv3/level4", 5),
            site("head/box-net/conv1/level3", 10));
  }

  @Test
  void survivesJson() {
    ComputationGraphConfiguration configuration =
        configuration(
            new ResNet(50), new DetectionHead(90), IMAGE, Regularization.dropBlockInHead(4));
    var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(read).isEqualTo(configuration);
    assertThat(NetworkSummary.of(read, IMAGE)).isEqualTo(NetworkSummary.of(configuration, IMAGE));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16, 1, 2, Invalid number of classes: 0",
    "4, 0, 1, 2, Invalid number of filters: 0",
    "4, 16, -1, 2, Invalid number of convolutions: -1",
    "4, 16, 1, 0, Invalid number of anchors: 0"
  })
  void refusesNumbersOutOfRange(
      int classes, int filters, int convolutions, int anchors, String message) {
    assertThatThrownBy(
            () -> new DetectionHead(classes, SMALL.pyramid(), filters, convolutions, anchors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refusesWhatItCannotBuild() {
    assertThatThrownBy(
            () -> summary(new ResNet(50), new DetectionHead(90), new MapShape(3, 513, 640)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot build a pyramid of levels 3 to 7 for images of 513x640: its upsampling doubles"
                + " maps, so height and width must be multiples of 32; take 544x640");
    assertThatThrownBy(() -> summary(new CifarResNet(8), SMALL, new MapShape(3, 32, 30)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("must be multiples of 4; take 32x32");
    assertThatThrownBy(
            () ->
                summary(
                    new ResNet(50),
                    new DetectionHead(9, new Pyramid(6, 7, 8, Upsampling.NEAREST), 8, 1, 9),
                    IMAGE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot build a pyramid of levels 6 to 7: the trunk has levels 2 to 5, and the pyramid"
                + " must begin with one of them and go on to the last or behind it");
    var noConvolution = new DetectionHead(4, SMALL.pyramid(), 8, 0, 2);
    assertThatThrownBy(
            () ->
                configuration(
                    new CifarResNet(8), noConvolution, IMAGE, Regularization.dropBlockInHead(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot regularize the head of RetinaNet CIFAR ResNet-8-FPN:");
  }

  /** One level of the trunk is upsampled to no other; bilinear upsampling takes any size. */
  @Test
  void takesAnySizeWhereNothingDoubles() {
    MapShape odd = new MapShape(3, 33, 30);
    var oneOfTheTrunk = new DetectionHead(4, new Pyramid(4, 6, 8, Upsampling.NEAREST), 8, 0, 1);
    assertThat(outputs(summary(new CifarResNet(8, 4), oneOfTheTrunk, odd)))
        // 9 x 8, 5 x 4, 3 x 2
        .containsEntry("head/boxes", new MapShape(4, 72 + 20 + 6, 1));
    var bilinear = new DetectionHead(4, new Pyramid(3, 4, 8), 8, 0, 1);
    assertThat(outputs(summary(new CifarResNet(8, 4), bilinear, odd)))
        .containsEntry("head/boxes", new MapShape(4, 17 * 15 + 9 * 8, 1));
  }

  private static ComputationGraphConfiguration configuration(
      Trunk trunk, Head head, MapShape image, Regularization regularization) {
    return new Architecture(trunk, head, NormSettings.PYRAMID)
        .configuration(image, regularization, OPTIMIZER, 1);
  }

  private static NetworkSummary summary(Trunk trunk, Head head, MapShape image) {
    return NetworkSummary.of(configuration(trunk, head, image, Regularization.none()), image);
  }

  private static Map<String, MapShape> outputs(NetworkSummary summary) {
    return summary.layers().stream()
        .collect(Collectors.toMap(LayerSummary::name, LayerSummary::output));
  }

  private static DropBlockSummary site(String name, int side) {
    return new DropBlockSummary(
        name,
        Regularization.Kind.DROPBLOCK,
        new MapShape(256, side, side),
        BlockGeometry.clipped(side, side, 16, 16),
        1);
  }
}
