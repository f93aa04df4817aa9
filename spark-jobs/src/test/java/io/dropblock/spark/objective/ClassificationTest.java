package io.dropblock.spark.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.spark.data.feed.ClassTargets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassificationTest {
  private static final ClassTargets TARGETS =
      new ClassTargets(
          new int[] {2, 0, 1},
          ByteBuffer.allocateDirect(12)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer()
              .put(0, new float[] {2, 0, 1}));

  @Test
  void allOutputsLearnTheSame() {
    for (int outputs = 1; outputs <= 2; outputs++) {
      INDArray[] labels = new Classification(3, outputs).labels(TARGETS);
      assertThat(labels).hasSize(outputs);
      for (INDArray ofOutput : labels) {
        assertThat(ofOutput.shape()).containsExactly(3, 1);
        assertThat(ofOutput.toDoubleVector()).containsExactly(2, 0, 1);
      }
    }
  }

  @Test
  void theFirstIsMeasured() {
    Classification objective = new Classification(3, 2);
    TopKAccuracy metric = objective.metric();
    INDArray right = Nd4j.createFromArray(new float[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}});
    objective.add(metric, new INDArray[] {right, right.mul(-1)}, TARGETS);
    assertThat(metric.scores().primary().value()).isEqualTo(1);
  }

  @Test
  void refusesNoClassesAndNoOutputs() {
    assertThatThrownBy(() -> new Classification(1)).hasMessage("Invalid classification: 1 classes");
    assertThatThrownBy(() -> new Classification(3, 0))
        .hasMessage("Invalid classification: 0 outputs");
  }
}
