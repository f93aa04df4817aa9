package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.model.Regularization.Site;
import io.dropblock.op.BlockGeometry;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Expected counts were computed from the TensorFlow graph; torchvision agrees on 25,557,032. */
class ResNetTest {
  private static final MapShape IMAGE = new MapShape(3, 224, 224);
  private static final Momentum OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));
  private static final Regularization PAPER = Regularization.dropBlock(7, List.of(3, 4));

  @Test
  void hasTheParametersOfResNet50() {
    NetworkSummary summary = summary(new ResNet(50), IMAGE, Regularization.none());
    assertThat(summary.trainableParameters()).isEqualTo(25_557_032);
    assertThat(summary.movingStatistics()).isEqualTo(53_120);
    assertThat(summary.within("stem/").trainableParameters()).isEqualTo(9_536);
    assertThat(summary.within("group1/").trainableParameters()).isEqualTo(215_808);
    assertThat(summary.within("group2/").trainableParameters()).isEqualTo(1_219_584);
    assertThat(summary.within("group3/").trainableParameters()).isEqualTo(7_098_368);
    assertThat(summary.within("group4/").trainableParameters()).isEqualTo(14_964_736);
    assertThat(summary.within("head/").trainableParameters()).isEqualTo(2_049_000);
    assertThat(summary.layers()).filteredOn(is("LeanConvolution")).hasSize(53);
    assertThat(summary.layers()).filteredOn(is("BatchNorm")).hasSize(53);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 25557032, 4089184256, 0",
    "101, 44549160, 7801000000, 500000",
    "152, 60192808, 11514000000, 500000"
  })
  void costsWhatItsDepthCosts(int depth, long parameters, long multiplyAdds, long rounding) {
    NetworkSummary summary = summary(new ResNet(depth), IMAGE, PAPER);
    assertThat(summary.trainableParameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isCloseTo(multiplyAdds, within(rounding));
  }

  @ParameterizedTest
  @CsvSource({
    "224, 112, 56, 56, 28, 14, 7",
    "331, 166, 83, 83, 42, 21, 11",
    "513, 257, 129, 129, 65, 33, 17",
    "640, 320, 160, 160, 80, 40, 20"
  })
  void halvesMapsRoundingUp(int side, int stem, int pool, int g1, int g2, int g3, int g4) {
    NetworkSummary summary = summary(new ResNet(50), new MapShape(3, side, side), PAPER);
    assertThat(output(summary, "stem/bn")).isEqualTo(new MapShape(64, stem, stem));
    assertThat(output(summary, "stem/pool")).isEqualTo(new MapShape(64, pool, pool));
    assertThat(output(summary, "group1/block2/sum")).isEqualTo(new MapShape(256, g1, g1));
    assertThat(output(summary, "group2/block3/sum")).isEqualTo(new MapShape(512, g2, g2));
    assertThat(output(summary, "group3/block5/sum")).isEqualTo(new MapShape(1024, g3, g3));
    assertThat(output(summary, "group4/block2/sum")).isEqualTo(new MapShape(2048, g4, g4));
    assertThat(output(summary, "head/softmax")).isEqualTo(new MapShape(1000, 1, 1));
  }

  @Test
  void dropsAtThePapersSites() {
    List<DropBlockSummary> sites = summary(new ResNet(50), IMAGE, PAPER).dropBlocks();
    assertThat(sites).hasSize(36);
    assertThat(sites)
        .contains(
            site("group3/block0/dropblock1", new MapShape(256, 28, 28), .25),
            site("group3/block0/dropblock-skip", new MapShape(1024, 14, 14), .25),
            site("group4/block0/dropblock1", new MapShape(512, 14, 14), 1),
            site("group4/block2/dropblock3", new MapShape(2048, 7, 7), 1));
    assertThat(sites).filteredOn(site -> site.map().height() == 28).hasSize(1);
  }

  @Test
  void dropsInBranchesAloneWhenAskedTo() {
    Regularization branches = PAPER.at(EnumSet.of(Site.BRANCH));
    assertThat(summary(new ResNet(50), IMAGE, branches).dropBlocks())
        .hasSize(27)
        .noneMatch(site -> site.name().endsWith("-skip"));
  }

  @Test
  void readsUndroppedInputInTheBranchAndDroppedInputInTheShortcut() {
    Map<String, List<String>> inputs = configuration(new ResNet(50), PAPER).getVertexInputs();
    assertThat(inputs.get("group3/block1/conv1")).containsExactly("group3/block0/sum");
    assertThat(inputs.get("group3/block1/dropblock-skip")).containsExactly("group3/block0/sum");
    assertThat(inputs.get("group3/block0/dropblock-skip")).containsExactly("group3/block0/bn-skip");
    assertThat(inputs.get("group3/block1/dropblock1")).containsExactly("group3/block1/bn1");
    assertThat(inputs.get("group3/block1/conv2")).containsExactly("group3/block1/dropblock1");
    assertThat(inputs.get("group3/block1/dropblock3")).containsExactly("group3/block1/bn3");
    assertThat(inputs.get("group3/block1/sum"))
        .containsExactly("group3/block1/dropblock3", "group3/block1/dropblock-skip");
    assertThat(inputs.get("group2/block1/sum"))
        .containsExactly("group2/block1/bn3", "group2/block0/sum");
  }

  @Test
  void startsAsItsShortcutsWithWeightsOfTheRightSize() {
    ComputationGraph network =
        Architecture.classifier(new ResNet(50), 5)
            .network(new MapShape(3, 32, 32), Regularization.none(), OPTIMIZER, 7);
    INDArray image = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32);
    Map<String, INDArray> outputs = network.feedForward(image, false);
    assertThat(outputs.get("group1/block1/sum")).isEqualTo(outputs.get("group1/block0/sum"));
    assertThat(outputs.get("group4/block2/sum")).isEqualTo(outputs.get("group4/block0/sum"));
    assertThat(outputs.get("group1/block0/sum").maxNumber().doubleValue()).isPositive();

    INDArray kernel = network.getParam("group4/block1/conv2_W");
    double deviation = Math.sqrt(1. / (512 * 9));
    assertThat(kernel.stdNumber().doubleValue() / deviation).isCloseTo(1, within(.02));
    assertThat(kernel.amaxNumber().doubleValue()).isLessThanOrEqualTo(2.0001 * deviation / .8796);
    INDArray dense = network.getParam("head/softmax_W");
    assertThat(dense.stdNumber().doubleValue()).isCloseTo(.01, within(.0005));
    assertThat(network.getParam("head/softmax_b").amaxNumber().doubleValue()).isZero();
    assertThat(network.getParam("group1/block0/bn3_gamma").amaxNumber().doubleValue()).isZero();
    assertThat(network.numParams()).isEqualTo(23_508_032 + 2048 * 5 + 5 + 53_120);
    assertThat(network.getParam("group1/block0/bn2_gamma").minNumber().doubleValue()).isOne();
  }

  @Test
  void padsStridedConvolutionsEvenlyAndOthersToTheSameSize() {
    var convolutions =
        Layers.of(configuration(new ResNet(50), PAPER)).stream()
            .filter(ConvolutionLayer.class::isInstance)
            .map(ConvolutionLayer.class::cast)
            .toList();
    assertThat(convolutions)
        .filteredOn(layer -> layer.getStride()[0] == 2)
        .hasSize(1 + 2 * 3)
        .allSatisfy(
            layer -> {
              int half = (layer.getKernelSize()[0] - 1) / 2;
              assertThat(layer.getPadding()).containsExactly(half, half);
              assertThat(layer.getConvolutionMode()).isEqualTo(ConvolutionMode.Truncate);
            });
    assertThat(convolutions)
        .filteredOn(layer -> layer.getStride()[0] == 1)
        .hasSize(46)
        .allMatch(layer -> layer.getConvolutionMode() == ConvolutionMode.Same);
  }

  @Test
  void survivesJson() {
    ComputationGraphConfiguration configuration = configuration(new ResNet(50), PAPER);
    var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(read.toJson()).isEqualTo(configuration.toJson());
    assertThat(NetworkSummary.of(read, IMAGE)).isEqualTo(NetworkSummary.of(configuration, IMAGE));
  }

  @Test
  void refusesWhatItCannotBuild() {
    assertThatThrownBy(() -> new ResNet(18))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid ResNet depth: 18 is none of 50, 101, 152");
    assertThatThrownBy(
            () -> configuration(new ResNet(50), Regularization.dropBlock(7, List.of(4, 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot regularize group 5: ResNet-50 has groups 1 to 4");
    assertThatThrownBy(() -> new ClassificationHead(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of classes: 1");
  }

  private static ComputationGraphConfiguration configuration(
      Trunk trunk, Regularization regularization) {
    return Architecture.classifier(trunk, 1000).configuration(IMAGE, regularization, OPTIMIZER, 1);
  }

  private static NetworkSummary summary(
      Trunk trunk, MapShape image, Regularization regularization) {
    return NetworkSummary.of(configuration(trunk, regularization), image);
  }

  private static MapShape output(NetworkSummary summary, String name) {
    return summary.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow()
        .output();
  }

  private static Predicate<LayerSummary> is(String kind) {
    return layer -> layer.kind().equals(kind);
  }

  private static DropBlockSummary site(String name, MapShape map, double dropScale) {
    var block = BlockGeometry.clipped(map.height(), map.width(), 7, 7);
    return new DropBlockSummary(name, Regularization.Kind.DROPBLOCK, map, block, dropScale);
  }
}
