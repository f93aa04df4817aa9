package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.TestImages;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExifOrientationTest {
  private static final byte[] PLAIN = TestImages.jpeg(8, 6, 1);

  @Test
  void knowsWhichTurnsSwapTheSides() {
    assertThat(ExifOrientation.swapsSides(PLAIN)).isFalse();
    for (int orientation = 0; orientation < 10; orientation++) {
      assertThat(ExifOrientation.swapsSides(TestImages.turned(PLAIN, orientation)))
          .as("%d", orientation)
          .isEqualTo(orientation >= 5 && orientation <= 8);
    }
  }

  @Test
  void readsTheOtherOrderOfBytes() {
    byte[] jpeg = TestImages.turned(PLAIN, 6);
    byte[] little = {
      0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0
    };
    System.arraycopy(little, 0, jpeg, 12, little.length);
    assertThat(ExifOrientation.swapsSides(jpeg)).isTrue();
  }

  @Test
  void takesAnythingElseForNotTurned() {
    byte[] turned = TestImages.turned(PLAIN, 6);
    for (int length = 0; length < 30; length++) {
      assertThat(ExifOrientation.swapsSides(Arrays.copyOf(turned, length))).isFalse();
    }
    for (int i = 2; i < 38; i++) {
      for (int value : new int[] {0, 0x7F, 0xFF}) {
        byte[] damaged = turned.clone();
        damaged[i] = (byte) value;
        ExifOrientation.swapsSides(damaged);
      }
    }
    assertThat(ExifOrientation.swapsSides(TestImages.png(8, 6, 1))).isFalse();
  }
}
