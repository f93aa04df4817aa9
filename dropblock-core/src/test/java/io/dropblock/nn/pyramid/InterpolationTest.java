package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Against PyTorch 1.13: {@code interpolate(x, size=(H, W), mode='bilinear', align_corners=True)} in
 * double and its gradient, {@code x} and {@code dy} patterns of whole numbers. Each result as its
 * product with a third pattern, and the element 5/8 of the way.
 */
class InterpolationTest {
  private static final int SAMPLES = 2;
  private static final int CHANNELS = 3;

  @ParameterizedTest
  @CsvSource({
    "33, 33, 65, 65, -9, 1, -37.25, 4",
    "17, 17, 33, 33, -346.5, 0, 27, 0",
    "1, 1, 3, 3, -4, -3, 128, 7",
    "5, 5, 5, 5, 130, 0, 155, 5",
    "3, 5, 7, 6, 99.93333333333331, -0.2000000000000004, 16.133333333333375, 11.2",
    "1, 4, 1, 9, 4.625, 4.25, 109.25, 6.125",
    "2, 1, 5, 4, 49, -4.25, -82.25, 3",
    "17, 9, 65, 33, 534.5625, 5, 249.25, 5.4375"
  })
  void isThatOfPyTorch(
      int h, int w, int height, int width, double y, double oneOfY, double dx, double oneOfDx) {
    INDArray x = pattern(7, 3, 11, h, w);
    INDArray dy = pattern(5, 1, 13, height, width);
    INDArray upsampled = Interpolation.upsampled(x, height, width);
    INDArray back = Interpolation.transposed(dy, h, w);
    assertThat(product(upsampled)).isCloseTo(y, within(1e-9));
    assertThat(five8ths(upsampled)).isCloseTo(oneOfY, within(1e-12));
    assertThat(product(back)).isCloseTo(dx, within(1e-9));
    assertThat(five8ths(back)).isCloseTo(oneOfDx, within(1e-12));

    INDArray fine = pattern(3, 5, 7, height, width);
    INDArray sum = fine.castTo(DataType.FLOAT);
    Interpolation.add(x.castTo(DataType.FLOAT), sum, sum);
    assertClose(sum, upsampled.add(fine));
    INDArray floats = Nd4j.zeros(DataType.FLOAT, x.shape());
    Interpolation.backward(dy.castTo(DataType.FLOAT), floats);
    assertClose(floats, back);
  }

  private static void assertClose(INDArray fast, INDArray slow) {
    double largest = slow.amaxNumber().doubleValue();
    assertThat(fast.castTo(DataType.DOUBLE).sub(slow).amaxNumber().doubleValue())
        .isLessThan(1e-5 * largest);
  }

  private static INDArray pattern(int factor, int first, int modulus, int height, int width) {
    double[] values = new double[SAMPLES * height * width * CHANNELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (factor * i + first) % modulus - modulus / 2;
    }
    return Nd4j.createFromArray(values).reshape('c', SAMPLES, height, width, CHANNELS);
  }

  private static double product(INDArray maps) {
    INDArray other = pattern(3, 2, 17, (int) maps.size(1), (int) maps.size(2));
    return maps.mul(other).sumNumber().doubleValue();
  }

  private static double five8ths(INDArray maps) {
    return maps.reshape(maps.length()).getDouble(maps.length() * 5 / 8);
  }
}
