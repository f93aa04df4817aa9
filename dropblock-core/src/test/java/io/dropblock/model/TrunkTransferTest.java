package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NamedParameters;
import io.dropblock.nn.OlderNorms;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** From a classifier to a network that segments. */
class TrunkTransferTest {
  private static final MapShape IMAGE = new MapShape(3, 32, 32);
  private static final Momentum OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));
  private static final CifarResNet TRUNK = new CifarResNet(8, 4);
  private static final Architecture CLASSIFIER = Architecture.classifier(TRUNK, 5);

  /** Convolutions, each with a normalisation of 4 arrays; two shortcuts are projected. */
  private static final int CONVOLUTIONS = 1 + 3 * 2 + 2;

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void takesAllOfTheTrunkAndNothingElse(int firstLevel) {
    ComputationGraph trained = trained(CLASSIFIER);
    ComputationGraph network = network(segmentation(firstLevel), 2);
    Map<String, INDArray> before =
        NamedParameters.of(network(segmentation(firstLevel), 2)).values();
    TrunkTransfer transfer = TRUNK.copy(trained, network);

    assertThat(transfer.misfits()).isEmpty();
    assertThat(transfer.left()).containsExactly("head/softmax/W", "head/softmax/b");
    assertThat(transfer.taken())
        .hasSize(CONVOLUTIONS * (1 + 4))
        .allMatch(name -> name.startsWith("stem/") || name.startsWith("group"));
    assertThat(transfer.fresh())
        .contains("head/levels/conv0/level0/var", "pyramid/lateral4/W")
        .allMatch(name -> name.startsWith("pyramid/") || name.startsWith("head/"));
    assertThat(transfer.numbers()).isEqualTo(trained.params().length() - 5 * (16 + 1));

    Map<String, INDArray> source = NamedParameters.of(trained).values();
    NamedParameters.of(network)
        .values()
        .forEach(
            (name, value) ->
                assertThat(bits(value))
                    .as(name)
                    .isEqualTo(
                        bits(
                            transfer.fresh().contains(name)
                                ? before.get(name)
                                : source.get(name))));
    assertThat(transfer.taken().size() + transfer.fresh().size()).isEqualTo(before.size());
  }

  /** Runs of older versions keep the logarithm of the deviation. */
  @Test
  void takesTheTrunkOfAnOlderVersion() {
    ComputationGraph trained = OlderNorms.of(trained(CLASSIFIER));
    assertThat(NamedParameters.of(trained).values()).containsKey("stem/bn/log10stdev");
    NamedParameters.of(trained).values().get("stem/bn/log10stdev").assign(.5);
    ComputationGraph network = network(segmentation(2), 2);
    TrunkTransfer transfer = TRUNK.copy(trained, network);
    assertThat(transfer.misfits()).isEmpty();
    assertThat(transfer.taken()).contains("stem/bn/var").hasSize(CONVOLUTIONS * (1 + 4));
    assertThat(transfer.left()).containsExactly("head/softmax/W", "head/softmax/b");
    assertThat(NamedParameters.of(network).values().get("stem/bn/var").toFloatVector())
        .containsOnly(10);
  }

  @Test
  void keepsItsOwnSettingsOfNormalisation() {
    ComputationGraph network = network(segmentation(2), 2);
    String before = network.getConfiguration().toJson();
    TRUNK.copy(trained(CLASSIFIER), network);
    assertThat(network.getConfiguration().toJson()).isEqualTo(before).contains("0.997");
  }

  /** One that fits computes what the trained one did, up to the end of the trunk. */
  @Test
  void computesTheTrainedFeatures() {
    Trunk trunk = new ResNet(50, 2);
    Architecture classifier = Architecture.classifier(trunk, 5);
    ComputationGraph trained = trained(classifier);
    ComputationGraph network = network(Architecture.classifier(trunk, 7), 2);
    assertThat(trunk.copy(trained, network).fresh())
        .containsExactly("head/softmax/W", "head/softmax/b");
    INDArray image = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32);
    assertThat(bits(network.feedForward(image, false).get("group4/block2/sum")))
        .isEqualTo(bits(trained.feedForward(image, false).get("group4/block2/sum")));
  }

  @Test
  void writesNothingWhereSomethingDoesNotFit() {
    ComputationGraph wide = trained(Architecture.classifier(new CifarResNet(8, 6), 5));
    ComputationGraph network = network(segmentation(2), 2);
    INDArray before = network.params().dup();
    TrunkTransfer transfer = TRUNK.copy(wide, network);
    assertThat(transfer.misfits())
        .hasSize(CONVOLUTIONS * 5)
        .contains("its stem/conv/W is [6, 3, 3, 3] in place of [4, 3, 3, 3]");
    assertThat(transfer.taken()).isEmpty();
    assertThat(transfer.numbers()).isZero();
    assertThat(transfer.fresh()).hasSameSizeAs(NamedParameters.of(network).values().keySet());
    assertThat(bits(network.params())).isEqualTo(bits(before));
  }

  @Test
  void namesWhatOneOfThemLacks() {
    ComputationGraph deep = trained(Architecture.classifier(new CifarResNet(14, 4), 5));
    ComputationGraph network = network(CLASSIFIER, 2);
    INDArray before = network.params().dup();
    // the ends of levels of the small one lie within the deep one's
    TrunkTransfer transfer = TRUNK.copy(deep, network);
    assertThat(transfer.misfits())
        .contains("it has group2/block1/conv1/W besides")
        .noneMatch(misfit -> misfit.contains("lacks"));
    assertThat(bits(network.params())).isEqualTo(bits(before));
    assertThat(TRUNK.copy(network, deep).misfits())
        .isNotEmpty()
        .allMatch(misfit -> misfit.startsWith("it lacks group"));
    assertThatThrownBy(() -> new CifarResNet(14, 4).copy(network, deep))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find trunk CIFAR ResNet-14 in a network: it has no group1/block1/sum");
  }

  @Test
  void knowsItsVertices() {
    for (Trunk trunk : List.of(TRUNK, new ResNet(50, 2))) {
      ComputationGraphConfiguration configuration =
          Architecture.classifier(trunk, 5)
              .configuration(IMAGE, Regularization.none(), OPTIMIZER, 1);
      assertThat(trunk.verticesIn(configuration))
          .containsExactlyInAnyOrderElementsOf(
              configuration.getVertices().keySet().stream()
                  .filter(name -> !name.startsWith("head/"))
                  .toList());
    }
  }

  /** ND4J takes what differs by 1e-5 for equal. */
  private static float[] bits(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static Architecture segmentation(int firstLevel) {
    return new Architecture(
        TRUNK, new SegmentationHead(4, new Pyramid(firstLevel, 4, 8), 8, 1), NormSettings.PYRAMID);
  }

  /** Every number differs from a fresh network's. */
  private static ComputationGraph trained(Architecture architecture) {
    ComputationGraph network = network(architecture, 1);
    network.params().addi(Nd4j.rand(DataType.FLOAT, network.params().shape()).addi(.1f));
    return network;
  }

  private static ComputationGraph network(Architecture architecture, long seed) {
    return architecture.network(IMAGE, Regularization.none(), OPTIMIZER, seed);
  }
}
