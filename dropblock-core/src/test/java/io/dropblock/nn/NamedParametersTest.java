package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Pyramid;
import io.dropblock.model.Regularization;
import io.dropblock.model.SegmentationHead;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** From a classifier to a network that segments. */
class NamedParametersTest {
  private static final MapShape IMAGE = new MapShape(3, 16, 16);
  private static final Architecture CLASSIFIER = Architecture.classifier(new CifarResNet(8, 4), 5);
  private static final Architecture SEGMENTATION =
      new Architecture(
          new CifarResNet(8, 4),
          new SegmentationHead(4, new Pyramid(2, 4, 8), 8, 1),
          NormSettings.PYRAMID);

  @Test
  void nameEveryParameterOnce() {
    for (Architecture architecture : new Architecture[] {CLASSIFIER, SEGMENTATION}) {
      ComputationGraph network = network(architecture, 1);
      Map<String, INDArray> values = NamedParameters.of(network).values();
      assertThat(values.values().stream().mapToLong(INDArray::length).sum())
          .isEqualTo(network.params().length());
      // each array lies somewhere else in the flat one
      Map<Long, String> byOffset = new TreeMap<>();
      values.forEach((name, value) -> byOffset.put(value.offset(), name));
      assertThat(byOffset).hasSameSizeAs(values);
      assertThat(byOffset.values()).containsExactlyElementsOf(values.keySet());
    }
    assertThat(NamedParameters.of(network(SEGMENTATION, 1)).values())
        .containsKeys(
            "stem/conv/W",
            "group3/block0/bn1/log10stdev",
            "pyramid/lateral4/b",
            "head/levels/conv0/W",
            "head/levels/conv0/level2/gamma",
            "head/classes/b");
  }

  @Test
  void giveTheTrunkOfAClassifierToAnotherHead() {
    ComputationGraph classifier = network(CLASSIFIER, 1);
    classifier.params().addi(Nd4j.rand(DataType.FLOAT, classifier.params().shape()));
    ComputationGraph network = network(SEGMENTATION, 2);
    Map<String, INDArray> heads = NamedParameters.of(network(SEGMENTATION, 2)).values();
    NamedParameters.Transfer transfer = NamedParameters.of(classifier).copyTo(network);
    assertThat(transfer.left()).containsExactly("head/softmax/W", "head/softmax/b");
    assertThat(transfer.misfits()).isEmpty();
    assertThat(transfer.taken())
        .hasSize(9 * (1 + 4))
        .allMatch(name -> name.startsWith("stem/") || name.startsWith("group"));
    assertThat(transfer.kept())
        .isNotEmpty()
        .allMatch(name -> name.startsWith("pyramid/") || name.startsWith("head/"));
    NamedParameters.of(network)
        .values()
        .forEach(
            (name, value) ->
                assertThat(value)
                    .as(name)
                    .isEqualTo(
                        transfer.kept().contains(name)
                            ? heads.get(name)
                            : NamedParameters.of(classifier).values().get(name)));
  }

  @Test
  void sayWhatDoesNotFit() {
    ComputationGraph wide = network(Architecture.classifier(new CifarResNet(8, 6), 5), 1);
    ComputationGraph network = network(CLASSIFIER, 2);
    INDArray before = network.params().dup();
    NamedParameters.Transfer transfer = NamedParameters.of(wide).within("stem/").copyTo(network);
    assertThat(transfer.misfits())
        .hasSize(5)
        .contains("stem/conv/W: [6, 3, 3, 3] in place of [4, 3, 3, 3]");
    assertThat(transfer.taken()).isEmpty();
    assertThat(transfer.left()).isEmpty();
    assertThat(transfer.kept()).hasSize(8 * 5 + 2);
    assertThat(network.params()).isEqualTo(before);
  }

  @Test
  void showAFoldedNetworksBiases() {
    assertThat(NamedParameters.of(FoldedNetwork.of(network(SEGMENTATION, 1))).values())
        .containsKeys("stem/conv/b", "head/bn/gamma")
        .doesNotContainKey("stem/bn/gamma");
  }

  private static ComputationGraph network(Architecture architecture, long seed) {
    return architecture.network(
        IMAGE,
        Regularization.none(),
        new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
        seed);
  }
}
