package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LabelMapsTest {

  /** By hand: in the middle of 1, 0, 0 and 0, 1, 0.9 both first classes have 0.5. */
  @Test
  void areTheGreatestOfWhatIsUpsampledAndTheLowestOfEqualOnes() {
    INDArray logits = Nd4j.createFromArray(1f, 0f, 0f, 0f, 1f, 0.9f).reshape('c', 1, 1, 2, 3);
    assertThat(LabelMaps.argMax(logits, 1, 3)).containsExactly(0, 0, 1);
    assertThat(LabelMaps.argMax(logits, 2, 5)).containsExactly(0, 0, 0, 1, 1, 0, 0, 0, 1, 1);
    assertThat(LabelMaps.argMax(logits.castTo(DataType.DOUBLE), 1, 3)).containsExactly(0, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({"65, 65, 513, 513, 21", "3, 5, 8, 7, 1", "4, 4, 31, 9, 256", "1, 1, 2, 2, 17"})
  void areByLoopsWhatTheyAreByDefinition(int h, int w, int height, int width, int classes) {
    Nd4j.getRandom().setSeed(5);
    // tenths: many ties
    INDArray logits = Nd4j.rand(DataType.FLOAT, 2, h, w, classes).muli(10);
    logits.assign(logits.castTo(DataType.INT32).castTo(DataType.FLOAT));
    byte[] defined = new byte[2 * height * width];
    LabelMaps.define(logits, height, width, defined);
    assertThat(LabelMaps.argMax(logits, height, width)).isEqualTo(defined);
    assertThat(LabelMaps.argMax(logits.dup('f'), height, width)).isEqualTo(defined);
  }

  @ParameterizedTest
  @CsvSource({"9, 6, 21, 17", "5, 5, 5, 5"})
  void areThoseOfTheUpsampledLogits(int h, int w, int height, int width) {
    Nd4j.getRandom().setSeed(6);
    INDArray logits = Nd4j.randn(DataType.DOUBLE, 2, h, w, 4);
    INDArray upsampled = Interpolation.upsampled(logits, height, width);
    byte[] labels = LabelMaps.argMax(logits, height, width);
    for (int pixel = 0; pixel < labels.length; pixel++) {
      INDArray values = upsampled.reshape('c', labels.length, 4).getRow(pixel);
      assertThat(values.getDouble(labels[pixel]))
          .isGreaterThan(values.maxNumber().doubleValue() - 1e-6);
    }
  }

  @Test
  void refuseMoreClassesThanAByteCanName() {
    INDArray logits = Nd4j.zeros(DataType.FLOAT, 1, 2, 2, 257);
    assertThatThrownBy(() -> LabelMaps.argMax(logits, 4, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logits of shape [1, 2, 2, 257]");
  }
}
