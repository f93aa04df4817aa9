package io.dropblock.bench.step.workload;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.figure.TensorShape;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DetectedObjectsTest {
  private static final TensorShape IMAGES = new TensorShape(2, 3, 64, 64);

  /** 64 + 16 + 4 + 1 + 1. */
  private static final int POSITIONS = 86;

  private final INDArray logits =
      Nd4j.valueArrayOf(new long[] {2, POSITIONS, 810}, -4, DataType.FLOAT);
  private final INDArray codes = Nd4j.zeros(DataType.FLOAT, 2, POSITIONS, 36);
  private final OutputReader reader = OutputReader.of(StepModel.parse("retinanet-r50"), IMAGES);

  @Test
  void findsThemInEachImage() {
    assertThatCode(() -> reader.read(logits, codes)).doesNotThrowAnyException();
  }

  @Test
  void refusesAnImageWithoutAny() {
    logits.slice(1).assign(Double.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> reader.read(logits, codes))
        .isInstanceOf(MeasurementException.class)
        .hasMessage("nothing is detected in an image");
  }
}
