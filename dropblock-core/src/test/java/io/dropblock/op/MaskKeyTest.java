package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class MaskKeyTest {

  @Test
  void derivesTheKeyAsDocumented() {
    for (long seed : new long[] {0, 1, -1, 20261123, Long.MIN_VALUE}) {
      BigInteger expected = MaskScheme.philoxKey(seed, "conv4_1/d\u00e9but");
      MaskKey key = new MaskKey(seed, MaskKey.layer("conv4_1/d\u00e9but"), 0, 0);
      assertThat(key.philoxKey()).isEqualTo(expected.longValue());
    }
  }

  @Test
  void refusesStepsAndSamplesOutOfRange() {
    assertThatThrownBy(() -> new MaskKey(1, 1, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid step: -1");
    assertThatThrownBy(() -> new MaskKey(1, 1, 0, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid sample index: 4294967296");
  }
}
