package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SegmentationTransformTest {
  private static final int SIZE = 48;
  private static final SegmentationTransform TRAINING =
      SegmentationTransform.training(SIZE, new Jitter(true, 0.6, 1.7));

  private final float[] out = new float[3 * SIZE * SIZE];
  private final byte[] labels = new byte[SIZE * SIZE];

  private void apply(SegmentationTransform transform, Image image, LabelImage map, long seed) {
    transform.apply(
        image,
        map,
        KeyedRandom.of(seed),
        Normalization.NONE,
        FloatBuffer.wrap(out),
        0,
        new LabelPlane(labels, 0, 1));
  }

  /** Nearest and bilinear samples change sides at the same place, but for corners. */
  @Test
  void labelsFollowPixels() {
    long bright = 0;
    long different = 0;
    for (long seed = 0; seed < 3000; seed++) {
      Scene scene = Scene.drawn(KeyedRandom.of(seed, 1));
      apply(TRAINING, scene.image(), scene.labels(9, 0), seed);
      for (int i = 0; i < labels.length; i++) {
        // A mean of black and white of exactly a half is as near to either.
        boolean even = Math.abs(out[i] - 127.5) < 0.1;
        bright += out[i] > 127.5 ? 1 : 0;
        different += !even && (out[i] > 127.5) != (labels[i] == 9) ? 1 : 0;
        if (out[i] == 0 || out[i] == 255) {
          assertThat(labels[i])
              .as("seed %d, pixel %d", seed, i)
              .isEqualTo((byte) (out[i] == 0 ? 0 : 9));
        }
      }
    }
    assertThat(bright).isGreaterThan(1_000_000);
    // At most a pixel or two at each of 4 corners.
    assertThat(different).isLessThan(3000 * 4);
  }

  @Test
  void trainingPadsWithBackgroundAndKeepsVoid() {
    SegmentationTransform half = SegmentationTransform.training(SIZE, new Jitter(false, .5, .5));
    Scene scene = new Scene(96, 48, 0, 0, 48, 48);
    Arrays.fill(labels, (byte) 77);
    apply(half, scene.image(), scene.labels(255, 20), 1);
    for (int i = 0; i < labels.length; i++) {
      int x = i % SIZE;
      int expected = i / SIZE >= 12 || x >= 24 ? 0 : x < 12 ? 255 : 20;
      assertThat(labels[i] & 0xFF).as("pixel %d", i).isEqualTo(expected);
    }
    SegmentationTransform other = new SegmentationTransform(SIZE, half.jitter(), true, 255);
    apply(other, scene.image(), scene.labels(255, 20), 1);
    assertThat(labels[SIZE - 1]).isEqualTo((byte) 255);
  }

  @Test
  void evaluationLeavesPixelsAndLabelsAlone() {
    SegmentationTransform evaluation = SegmentationTransform.evaluation(SIZE);
    Scene scene = new Scene(40, 30, 7, 8, 20, 11);
    Image image = scene.image();
    evaluation.apply(
        image,
        scene.labels(3, 255),
        null,
        Normalization.IMAGENET,
        FloatBuffer.wrap(out),
        0,
        new LabelPlane(labels, 0, 1));
    for (int i = 0; i < labels.length; i++) {
      int x = i % SIZE;
      int y = i / SIZE;
      boolean pad = x >= 40 || y >= 30;
      boolean inside = x >= 7 && x < 27 && y >= 8 && y < 19;
      assertThat(labels[i] & 0xFF).isEqualTo(!pad && inside ? 3 : 255);
      float value = pad ? 0 : Normalization.IMAGENET.apply(image.value(x, y, 1), 1);
      assertThat(out[SIZE * SIZE + i]).isCloseTo(value, within(1e-5f));
    }
  }

  @Test
  void evaluationScalesDownWhatIsTooLarge() {
    Scene scene = new Scene(96, 60, 0, 0, 48, 60);
    apply(SegmentationTransform.evaluation(SIZE), scene.image(), scene.labels(3, 4), 1);
    for (int i = 0; i < labels.length; i++) {
      int expected = i / SIZE >= 30 ? 255 : i % SIZE < 24 ? 3 : 4;
      assertThat(labels[i] & 0xFF).as("pixel %d", i).isEqualTo(expected);
    }
  }

  @Test
  void nearestTakesThePixelThatHoldsTheMiddle() {
    // 5 labels to 8: middles at 0.3125, 0.9375, 1.5625, 2.1875, 2.8125, 3.4375, 4.0625, 4.6875.
    LabelImage row = new LabelImage(5, 1, new byte[] {10, 11, 12, 13, 14});
    Image image = new Image(5, 1, new byte[15]);
    byte[] eight = new byte[64];
    SegmentationTransform.training(8, Jitter.NONE)
        .apply(
            image,
            row,
            null,
            Normalization.NONE,
            FloatBuffer.allocate(3 * 64),
            0,
            new LabelPlane(eight, 0, 1));
    assertThat(Arrays.copyOf(eight, 8)).containsExactly(10, 10, 11, 12, 12, 13, 14, 14);
  }

  /** As {@code labels[::stride, ::stride]}, also where the side is no multiple of the stride. */
  @Test
  void keepsEveryLabelAtTheStride() {
    for (int stride : new int[] {2, 5, 7, 8, 47, 48}) {
      int side = (SIZE + stride - 1) / stride;
      byte[] strided = new byte[3 + side * side + 3];
      for (long seed = 0; seed < 200; seed++) {
        Scene scene = Scene.drawn(KeyedRandom.of(seed, 1));
        apply(TRAINING, scene.image(), scene.labels(9, 4), seed);
        Arrays.fill(strided, (byte) 77);
        TRAINING.apply(
            scene.image(),
            scene.labels(9, 4),
            KeyedRandom.of(seed),
            Normalization.NONE,
            FloatBuffer.wrap(out),
            0,
            new LabelPlane(strided, 3, stride));
        for (int i = 0; i < strided.length; i++) {
          int at = i - 3;
          int expected =
              at < 0 || at >= side * side
                  ? 77
                  : labels[at / side * stride * SIZE + at % side * stride];
          assertThat(strided[i])
              .as("stride %d, seed %d, label %d", stride, seed, at)
              .isEqualTo((byte) expected);
        }
      }
    }
  }

  @Test
  void writesItsSlicesOnly() {
    Scene scene = new Scene(40, 30, 7, 8, 20, 11);
    float[] wideOut = new float[3 + out.length + 3];
    byte[] wideLabels = new byte[7 + labels.length + 7];
    Arrays.fill(wideOut, -3);
    Arrays.fill(wideLabels, (byte) -3);
    apply(TRAINING, scene.image(), scene.labels(1, 2), 6);
    TRAINING.apply(
        scene.image(),
        scene.labels(1, 2),
        KeyedRandom.of(6),
        Normalization.NONE,
        FloatBuffer.wrap(wideOut),
        3,
        new LabelPlane(wideLabels, 7, 1));
    assertThat(Arrays.copyOfRange(wideOut, 3, 3 + out.length)).isEqualTo(out);
    assertThat(Arrays.copyOfRange(wideLabels, 7, 7 + labels.length)).isEqualTo(labels);
    assertThat(Arrays.copyOf(wideLabels, 7)).containsOnly(-3);
    assertThat(Arrays.copyOfRange(wideLabels, 7 + labels.length, wideLabels.length))
        .containsOnly(-3);
    assertThat(wideOut[2]).isEqualTo(-3);
    assertThat(wideOut[3 + out.length]).isEqualTo(-3);
  }

  @Test
  void refusesAMapOfAnotherSize() {
    Scene scene = new Scene(40, 30, 7, 8, 20, 11);
    LabelImage turned = new LabelImage(30, 40, new byte[1200]);
    assertThatThrownBy(() -> apply(TRAINING, scene.image(), turned, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the label map has 30 x 40 pixels, the image 40 x 30");
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> new SegmentationTransform(9, Jitter.NONE, true, 256))
        .hasMessage("Invalid padLabel: 256 is not in 0 to 255");
    assertThatThrownBy(() -> new SegmentationTransform(9, new Jitter(true, 1, 1), false, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("without rescaling");
    assertThatThrownBy(() -> new LabelPlane(labels, 0, 0))
        .hasMessage("Invalid plane: offset 0, stride 0");
  }
}
