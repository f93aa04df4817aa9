package io.dropblock.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Expected classes are by PyTorch 1.13: {@code interpolate(scores, (rows, columns),
 * mode="bilinear", align_corners=True).argmax(1)}. The two highest scores are never nearer than
 * 0.2.
 */
class PixelClassesTest {

  /** Two images of 4 x 3 and 5 classes: whole numbers below 1000. */
  static INDArray scores() {
    float[] values = new float[2 * 5 * 4 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 + 13) % 104729 % 1000;
    }
    return Nd4j.createFromArray(values).reshape('c', 2, 5, 4, 3);
  }

  private static String classes(int image, int rows, int columns) {
    byte[] classes = PixelClasses.of(scores().slice(image)).at(rows, columns);
    assertThat(classes).hasSize(rows * columns);
    return IntStream.range(0, rows * columns)
        .mapToObj(i -> (i > 0 && i % columns == 0 ? " " : "") + classes[i])
        .collect(Collectors.joining());
  }

  @Test
  void enlarges() {
    assertThat(classes(0, 13, 13))
        .isEqualTo(
            "4444441000000 4444411100000 4444411110444 4444411111144 0000011111111 0000111111111"
                + " 4444111111111 4411111111112 1111111111122 1111111111222 1111111112222"
                + " 2222222222222 2222222222222");
    assertThat(classes(1, 13, 13))
        .isEqualTo(
            "2222222222233 2222222222333 2222222223333 0000000003333 0000000000000 0000000000000"
                + " 0000000000000 0000000000000 4444401000000 4444001100000 4440011110000"
                + " 0000011111111 0000011111111");
    assertThat(classes(0, 7, 10))
        .isEqualTo("4444400000 4444111444 0000111111 4441111111 1111111122 1111111222 2222222222");
  }

  @Test
  void keepsTheSizeOrGoesDownToOnePixel() {
    assertThat(classes(0, 4, 3)).isEqualTo("410 011 112 222");
    assertThat(classes(1, 4, 3)).isEqualTo("223 000 410 011");
    assertThat(classes(0, 1, 1)).isEqualTo("4");
    assertThat(classes(1, 1, 1)).isEqualTo("2");
  }

  @Test
  void takesTheFirstOfEqualClasses() {
    INDArray equal = Nd4j.ones(3, 2, 2);
    assertThat(PixelClasses.of(equal).at(5, 5)).containsOnly(0);
    equal.putScalar(new int[] {1, 0, 0}, 2).putScalar(new int[] {2, 0, 0}, 2);
    assertThat(PixelClasses.of(equal).at(2, 2)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void knowsWhetherScoresAreFinite() {
    assertThat(PixelClasses.of(scores().slice(0)).finite()).isTrue();
    INDArray broken = scores().slice(0).putScalar(4, 3, 2, Double.NaN);
    assertThat(PixelClasses.of(broken).finite()).isFalse();
  }

  @Test
  void refusesOtherShapes() {
    assertThatThrownBy(() -> PixelClasses.of(scores()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find classes of pixels: scores have shape [2, 5, 4, 3]");
  }
}
