package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The loops of every set of instructions against the formula in double. */
class FocalLoopsTest {
  private static final double ALPHA = .25;
  private static final double SCALE = .375;

  private static IntStream sets() {
    return IntStream.rangeClosed(0, NativeLibrary.bestInstructionSet());
  }

  /** {@code -log s(z)}, with s the logistic function. */
  private static double entropy(double z) {
    return Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  private static double logistic(double z) {
    return Math.exp(-entropy(z));
  }

  private static double loss(double logit, boolean isClass, double gamma) {
    double z = isClass ? logit : -logit;
    return (isClass ? ALPHA : 1 - ALPHA) * Math.pow(logistic(-z), gamma) * entropy(z);
  }

  private static double slope(double logit, boolean isClass, double gamma) {
    double z = isClass ? logit : -logit;
    double byZ = -Math.pow(logistic(-z), gamma) * (gamma * logistic(z) * entropy(z) + logistic(-z));
    return isClass ? ALPHA * byZ : (ALPHA - 1) * byZ;
  }

  /**
   * Of a float that was computed in some steps; below the least normal one there are fewer bits.
   */
  private static Offset<Double> rounding(double value) {
    return within(1e-6 * Math.abs(value) + 2e-37);
  }

  /** One logit at a time, so that none hides another's error. */
  @ParameterizedTest
  @ValueSource(doubles = {0, .5, 1, 1.5, 2})
  void areTheFormulaFromSmallToLarge(double gamma) {
    FocalLoops loops = new FocalLoops(1, ALPHA, gamma);
    assertThat(sets()).isNotEmpty();
    for (int step = -800; step <= 800; step++) {
      float logit = step * .1093f;
      INDArray logits = Nd4j.createFromArray(logit);
      INDArray gradient = Nd4j.createFromArray(Float.NaN);
      for (int label : new int[] {-1, 0}) {
        double loss = loss(logit, label == 0, gamma);
        double slope = slope(logit, label == 0, gamma);
        sets()
            .forEach(
                set -> {
                  int[] labels = {label};
                  assertThat(loops.gradient(set, 1, logits, labels, 1, gradient))
                      .as("loss of %s, label %d, set %d", logit, label, set)
                      .isCloseTo(loss, rounding(loss));
                  assertThat(gradient.getDouble(0))
                      .as("slope at %s, label %d, set %d", logit, label, set)
                      .isCloseTo(slope, rounding(slope));
                });
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1.5",
    "7, 3, 1.5",
    "1000, 90, 1.5",
    "701, 91, 2",
    "3, 2000, 1.5",
    "40000, 5, 0"
  })
  void areTheFormulaForAllLogits(int anchors, int classes, double gamma) {
    FocalLoops loops = new FocalLoops(classes, ALPHA, gamma);
    INDArray logits = Nd4j.randn(DataType.FLOAT, anchors, classes).muli(6);
    int[] labels =
        IntStream.range(0, anchors).map(i -> i % 3 == 1 ? -1 : i * 7 % classes).toArray();
    float[] values = logits.data().asFloat();
    double[] slopes = new double[values.length];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      boolean isClass = labels[i / classes] == i % classes;
      sum += loss(values[i], isClass, gamma);
      slopes[i] = SCALE * slope(values[i], isClass, gamma);
    }
    double needed = sum;
    sets()
        .forEach(
            set -> {
              INDArray gradient = Nd4j.valueArrayOf(logits.shape(), Double.NaN, DataType.FLOAT);
              double found = loops.gradient(set, 2, logits, labels, SCALE, gradient);
              assertThat(found).isCloseTo(needed, within(5e-7 * needed));
              double[] all = gradient.data().asDouble();
              for (int i = 0; i < all.length; i++) {
                assertThat(all[i]).isCloseTo(slopes[i], rounding(slopes[i]));
              }
              for (int threads = 1; threads <= 4; threads++) {
                INDArray again = Nd4j.valueArrayOf(logits.shape(), Double.NaN, DataType.FLOAT);
                assertThat(loops.gradient(set, threads, logits, labels, SCALE, again))
                    .isEqualTo(found);
                assertThat(again).isEqualTo(gradient);
                assertThat(loops.sum(set, threads, logits, labels)).isEqualTo(found);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, .5, 1, 1.5, 2})
  void neitherOverflowNorHideWhatIsNotFinite(double gamma) {
    FocalLoops loops = new FocalLoops(2, ALPHA, gamma);
    float[] far = {1e4f, -1e4f, -1e4f, 1e4f, 1e30f, -1e30f};
    INDArray logits = Nd4j.createFromArray(far);
    int[] labels = {1, 1, -1};
    sets()
        .forEach(
            set -> {
              INDArray gradient = Nd4j.zeros(DataType.FLOAT, 6);
              double sum = loops.gradient(set, 1, logits, labels, 1, gradient);
              assertThat(sum / (.75 * 1e30)).isCloseTo(1, within(1e-6));
              assertThat(gradient.toFloatVector())
                  .containsExactly(new float[] {.75f, -.25f, 0, 0, .75f, 0}, Offset.offset(1e-30f));
              for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                INDArray one = Nd4j.createFromArray(odd, 0);
                assertThat(loops.sum(set, 1, one, new int[] {-1})).isNotFinite();
              }
            });
  }

  @Test
  void refuseWhatDoesNotFit() {
    FocalLoops loops = new FocalLoops(2, ALPHA, 1.5);
    INDArray logits = Nd4j.zeros(DataType.FLOAT, 4);
    assertThat(loops.take(logits)).isTrue();
    assertThat(loops.take(logits.castTo(DataType.DOUBLE))).isFalse();
    assertThat(new FocalLoops(2, ALPHA, 1.25).take(logits)).isFalse();
    assertThat(new FocalLoops(2, ALPHA, 2.5).take(logits)).isFalse();
    for (int[] labels : Arrays.asList(new int[] {0}, new int[] {0, 2}, new int[] {0, -2})) {
      assertThatThrownBy(() -> loops.sum(logits, labels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("of 4 logits by " + labels.length + " labels");
    }
    assertThatThrownBy(() -> loops.gradient(logits, new int[2], 1, Nd4j.zeros(DataType.FLOAT, 5)))
        .hasMessageContaining("dense floats of shape [4] are needed");
  }
}
