package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.image.augment.Augmentation;
import io.dropblock.spark.data.image.augment.AutoAugment;
import io.dropblock.spark.data.image.augment.ColorDistortion;
import io.dropblock.spark.data.image.augment.Cutout;
import io.dropblock.spark.data.image.augment.RandomErasing;
import io.dropblock.spark.data.image.augment.TrivialAugment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeapAndOutsideTest {
  private static final int SIZE = 24;
  private static final int SQUARE = 3 * SIZE * SIZE;
  private static final int BEFORE = 7;
  private static final int BEHIND = 5;

  static Stream<ImageTransform> transforms() {
    return Stream.of(
        new PadCrop(SIZE, 4, true),
        new CentreCrop(SIZE),
        new RandomResizedCrop(SIZE, true),
        new Cutout(new RandomResizedCrop(SIZE, true, Resampling.BILINEAR), 5, 128),
        new Augmentation(new RandomResizedCrop(SIZE, true), AutoAugment.V0),
        new Augmentation(new PadCrop(SIZE, 4, true), new TrivialAugment()),
        new CentreCrop(SIZE, SIZE + 1),
        new ColorDistortion(new InceptionCrop(SIZE, true)),
        new CentralFraction(SIZE),
        new RandomErasing(new RandomResizedCrop(SIZE, true), 0.5));
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void isTheSameOnTheHeapAndOutside(ImageTransform transform) throws BrokenImageException {
    boolean pads = transform.toString().contains("PadCrop");
    int width = pads ? SIZE : 60;
    int height = pads ? SIZE : 50;
    for (byte[] encoded :
        List.of(TestImages.jpeg(width, height, 3), TestImages.png(width, height, 3))) {
      for (int seed = 0; seed < 20; seed++) {
        float[] array = new float[BEFORE + SQUARE + BEHIND];
        FloatBuffer outside = Pictures.outside(array.length);
        FloatBuffer heap = FloatBuffer.wrap(array);
        for (FloatBuffer memory : List.of(heap, outside)) {
          for (int i = 0; i < array.length; i++) {
            memory.put(i, -9);
          }
          transform.decodeAndApply(
              encoded, KeyedRandom.of(seed), Normalization.IMAGENET, memory, BEFORE);
          assertThat(memory.position()).isZero();
        }
        assertThat(Pixels.of(outside)).isEqualTo(array);
        assertThat(Arrays.copyOf(array, BEFORE)).containsOnly(-9);
        assertThat(Arrays.copyOfRange(array, BEFORE + SQUARE, array.length)).containsOnly(-9);
        assertThat(Arrays.copyOfRange(array, BEFORE, BEFORE + SQUARE)).doesNotContain(-9);
      }
    }
  }

  @Test
  void anArraysOwnOffsetCounts() throws BrokenImageException {
    byte[] jpeg = TestImages.jpeg(60, 50, 3);
    float[] array = new float[11 + SQUARE];
    FloatBuffer part = FloatBuffer.wrap(array).slice(11, SQUARE);
    new CentreCrop(SIZE).decodeAndApply(jpeg, null, Normalization.NONE, part, 0);
    assertThat(Arrays.copyOf(array, 11)).containsOnly(0);
    assertThat(Arrays.copyOfRange(array, 11, array.length))
        .isEqualTo(Pictures.ofBytes(new CentreCrop(SIZE), jpeg, 0));
  }

  @Test
  void refusesMemoryThatNativeCodeWouldGetWrong() {
    byte[] jpeg = TestImages.jpeg(60, 50, 3);
    CentreCrop crop = new CentreCrop(SIZE);
    // big-endian, which no machine with the library is
    FloatBuffer other = ByteBuffer.allocateDirect(4 * SQUARE).asFloatBuffer();
    for (FloatBuffer memory : List.of(other, Pictures.outside(SQUARE).asReadOnlyBuffer())) {
      assertThatThrownBy(() -> crop.decodeAndApply(jpeg, null, Normalization.NONE, memory, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot write a square");
    }
    FloatBuffer constant = FloatBuffer.allocate(SQUARE).asReadOnlyBuffer();
    assertThatThrownBy(() -> crop.decodeAndApply(jpeg, null, Normalization.NONE, constant, 0))
        .isInstanceOf(ReadOnlyBufferException.class);
    FloatBuffer small = Pictures.outside(SQUARE);
    assertThatThrownBy(() -> crop.decodeAndApply(jpeg, null, Normalization.NONE, small, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
