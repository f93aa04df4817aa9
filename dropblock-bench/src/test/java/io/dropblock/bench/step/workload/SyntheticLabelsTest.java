package io.dropblock.bench.step.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.TensorShape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SyntheticLabelsTest {
  @Test
  void anImageHasAClass() {
    LabelArray labels = draw("resnet50", new TensorShape(64, 3, 224, 224)).get(0);
    assertThat(labels.shape()).containsExactly(64, 1);
    assertThat(labels.values()).hasSize(64);
    for (float label : labels.values()) {
      assertThat(label).isBetween(0f, 999f).isEqualTo((float) Math.rint(label));
    }
  }

  @Test
  void aSegmentationsLabelsHaveTheGridOfItsOutput() {
    List<LabelArray> labels = draw("segmentation-r101", new TensorShape(2, 3, 513, 512));
    assertThat(labels).hasSize(1);
    assertThat(labels.get(0).shape()).containsExactly(2, 65, 64);
    assertThat(labels.get(0).values()).contains(0f, 20f).doesNotContain(21f);
  }

  @Test
  void aDetectorsObjectsAreMatchedToItsAnchors() {
    List<LabelArray> labels = draw("retinanet-r50", new TensorShape(2, 3, 128, 128));
    // 256 + 64 + 16 + 4 + 1 positions, of nine anchors each
    int anchors = 3069;
    assertThat(labels).hasSize(2);
    assertThat(labels.get(0).shape()).containsExactly(2, anchors);
    assertThat(labels.get(1).shape()).containsExactly(2, anchors, 5);
    float[] classes = labels.get(0).values();
    float[] boxes = labels.get(1).values();
    for (int image = 0; image < 2; image++) {
      int owned = 0;
      for (int anchor = image * anchors; anchor < (image + 1) * anchors; anchor++) {
        assertThat(classes[anchor]).isBetween(-1f, 89f);
        assertThat(boxes[5 * anchor]).isEqualTo(classes[anchor] >= 0 ? 1 : 0);
        owned += classes[anchor] >= 0 ? 1 : 0;
      }
      assertThat(owned).isBetween(5, 200);
    }
  }

  @Test
  void anchorsNeedASquare() {
    assertThatThrownBy(() -> draw("retinanet-r50", new TensorShape(1, 3, 128, 64)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot lay anchors on 1x3x128x64: it is no square");
  }

  private static List<LabelArray> draw(String model, TensorShape images) {
    return StepModel.parse(model).labels(images).draw(new Random(1));
  }
}
