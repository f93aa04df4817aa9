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
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class NamedParametersTest {
  private static final CifarResNet TRUNK = new CifarResNet(8, 4);
  private static final Architecture CLASSIFIER = Architecture.classifier(TRUNK, 5);
  private static final Architecture SEGMENTATION =
      new Architecture(
          TRUNK, new SegmentationHead(4, new Pyramid(2, 4, 8), 8, 1), NormSettings.PYRAMID);

  /** Counted up in the flat array: an array that is missing or comes twice leaves a gap. */
  @Test
  void nameEveryNumberOnce() {
    for (Architecture architecture : new Architecture[] {CLASSIFIER, SEGMENTATION}) {
      ComputationGraph network = network(architecture);
      INDArray flat = network.params();
      Map<String, INDArray> values = NamedParameters.of(network).values();
      flat.assign(0);
      values.values().forEach(value -> value.addi(1));
      assertThat(flat.minNumber().floatValue()).isEqualTo(1f);
      assertThat(flat.maxNumber().floatValue()).isEqualTo(1f);
    }
    assertThat(NamedParameters.of(network(SEGMENTATION)).values())
        .containsKeys(
            "stem/conv/W",
            "group3/block0/bn1/var",
            "pyramid/lateral4/b",
            "head/levels/conv0/W",
            "head/levels/conv0/level2/gamma",
            "head/classes/b");
  }

  @Test
  void nameThoseOfSomeVertices() {
    assertThat(
            NamedParameters.of(network(SEGMENTATION), Set.of("head/classes", "stem/bn", "head"))
                .values())
        .containsOnlyKeys(
            "stem/bn/gamma",
            "stem/bn/beta",
            "stem/bn/mean",
            "stem/bn/var",
            "head/classes/W",
            "head/classes/b");
  }

  private static ComputationGraph network(Architecture architecture) {
    return architecture.network(
        new MapShape(3, 16, 16),
        Regularization.none(),
        new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
        1);
  }
}
