package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Bfloat16Test {
  @Test
  void roundsToNearestAndTiesToEven() {
    // Neighbours of 1 are 2^-7 apart
    float step = 0x1p-7f;
    assertThat(rounded(1 + 0.49f * step)).isEqualTo(1);
    assertThat(rounded(1 + 0.51f * step)).isEqualTo(1 + step);
    assertThat(rounded(1 + 0.5f * step)).isEqualTo(1);
    assertThat(rounded(1 + 1.5f * step)).isEqualTo(1 + 2 * step);
    assertThat(rounded(-1 - 1.5f * step)).isEqualTo(-1 - 2 * step);
  }

  @Test
  void keepsWhatIsNoNumber() {
    assertThat(rounded(Float.NaN)).isNaN();
    // A NaN whose upper half alone would be infinity
    assertThat(rounded(Float.intBitsToFloat(0x7f800001))).isNaN();
    assertThat(rounded(Float.intBitsToFloat(0xffffffff))).isNaN();
    assertThat(rounded(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(rounded(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(rounded(-0f))).isEqualTo(0x80000000);
  }

  @Test
  void everyValueItCanHoldStays() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Bfloat16.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(Bfloat16.of(value)).isEqualTo((short) bits);
      }
    }
  }

  private static float rounded(float value) {
    return Bfloat16.toFloat(Bfloat16.of(value));
  }
}
