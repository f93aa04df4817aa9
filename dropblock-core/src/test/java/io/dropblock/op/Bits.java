package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares arrays exactly: 0 is not -0, and not-a-number equals itself. */
final class Bits {
  private Bits() {}

  static void requireEqual(INDArray actual, INDArray expected, String what) {
    double[] actuals = inOrder(actual);
    double[] expecteds = inOrder(expected);
    assertThat(actuals).hasSameSizeAs(expecteds);
    for (int i = 0; i < actuals.length; i++) {
      if (Double.compare(actuals[i], expecteds[i]) != 0) {
        // boxed: a primitive not-a-number equals nothing, and this is reached once at most
        assertThat(Double.valueOf(actuals[i]))
            .as("%s: element %d of %d", what, i, actuals.length)
            .isEqualTo(Double.valueOf(expecteds[i]));
      }
    }
  }

  private static double[] inOrder(INDArray array) {
    return array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
  }
}
