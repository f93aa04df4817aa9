package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxCodeTest {
  private static final Offset<Float> ROUNDING = within(1e-6f);
  private static final double LARGE = 1e6;

  private static float[] decode(float[] anchor, double rows, double columns, float... code) {
    float[] box = new float[4];
    BoxCode.decode(FloatBuffer.wrap(code), 0, anchor, 0, rows, columns, box);
    return box;
  }

  /** By hand, of the anchor {@code 10, 20, 30, 60}: centre (20, 40), 20 high, 40 wide. */
  @ParameterizedTest
  @CsvSource({
    // itself
    "10, 20, 30, 60, 0, 0, 0, 0",
    // half its height below, a quarter of its width to the left
    "20, 10, 40, 50, 0.5, -0.25, 0, 0",
    // twice as high, half as wide: log 2
    "0, 30, 40, 50, 0, 0, 0.6931472, -0.6931472",
    // centre (35, 100), 10 high, 120 wide: log(1 / 2), log 3
    "30, 40, 40, 160, 0.75, 1.5, -0.6931472, 1.0986123"
  })
  void isWhatAHandFinds(
      float y0, float x0, float y1, float x1, float ty, float tx, float th, float tw) {
    float[] anchor = {10, 20, 30, 60};
    FloatBuffer codes = FloatBuffer.allocate(6);
    BoxCode.encode(new float[] {y0, x0, y1, x1}, 0, anchor, 0, codes, 1);
    assertThat(codes.array()).containsExactly(new float[] {0, ty, tx, th, tw, 0}, ROUNDING);
    assertThat(decode(anchor, LARGE, LARGE, ty, tx, th, tw))
        .containsExactly(new float[] {y0, x0, y1, x1}, within(1e-5f));
  }

  /** By hand: log(1e-8 / 32) and log(1e-8 / 16). */
  @Test
  void ofABoxWithoutAreaIsFinite() {
    FloatBuffer codes = FloatBuffer.allocate(4);
    BoxCode.encode(new float[] {8, 8, 8, 8}, 0, new float[] {0, 0, 32, 16}, 0, codes, 0);
    assertThat(codes.array())
        .containsExactly(new float[] {-.25f, 0, -21.886416f, -21.193269f}, within(1e-5f));
  }

  @Test
  void comesBackAsTheBox() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      float[] pair = new float[8];
      for (int axis = 0; axis < 2; axis++) {
        for (int at = axis; at < 8; at += 4) {
          pair[at] = 600 * random.nextFloat();
          pair[at + 2] = pair[at] + .5f + 300 * random.nextFloat();
        }
      }
      FloatBuffer codes = FloatBuffer.allocate(4);
      BoxCode.encode(pair, 0, pair, 4, codes, 0);
      float[] back = new float[4];
      BoxCode.decode(codes, 0, pair, 4, LARGE, LARGE, back);
      for (int at = 0; at < 4; at++) {
        assertThat(back[at]).isCloseTo(pair[at], within(1e-3f));
      }
    }
  }

  /** By hand: twice as high and as wide as the anchor around the same centre, cut off. */
  @Test
  void isClippedToTheImage() {
    float[] anchor = {10, 20, 30, 60};
    float two = (float) Math.log(2);
    assertThat(decode(anchor, 35, 70, 0, 0, two, two))
        .containsExactly(new float[] {0, 0, 35, 70}, within(1e-5f));
    // Above, and to the right, of the image.
    assertThat(decode(anchor, 35, 70, -10, 0, 0, 0)).containsExactly(0, 20, 0, 60);
    assertThat(decode(anchor, 35, 70, 0, 10, 0, 0)).containsExactly(10, 70, 30, 70);
  }

  @ParameterizedTest
  @CsvSource({"800", "90", "3.4e38"})
  void tooLongForANumberReachesOverTheImage(float logarithm) {
    float[] anchor = {10, 20, 30, 60};
    assertThat(decode(anchor, 35, 70, 0, 0, logarithm, logarithm)).containsExactly(0, 0, 35, 70);
    assertThat(decode(anchor, 35, 70, 0, 0, -logarithm, 0))
        .containsExactly(new float[] {20, 20, 20, 60}, within(1e-5f));
  }

  @Test
  void farOutsideIsFinite() {
    float[] anchor = {10, 20, 30, 60};
    float far = Float.MAX_VALUE;
    assertThat(decode(anchor, 35, 70, far, -far, 0, far)).containsExactly(35, 0, 35, 70);
  }
}
