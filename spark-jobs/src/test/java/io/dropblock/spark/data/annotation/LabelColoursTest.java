package io.dropblock.spark.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelColoursTest {
  @Test
  void coloursAreThoseOfVoc() {
    // The palette of VOC 2012's PNGs, as Pillow 12.3.0 reads it.
    int[] palette = {
      0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0x808080, 0x400000,
      0xC00000, 0x408000, 0xC08000, 0x400080, 0xC00080, 0x408080, 0xC08080, 0x004000, 0x804000,
      0x00C000, 0x80C000, 0x004080
    };
    for (int label = 0; label < palette.length; label++) {
      assertThat(LabelColours.of(label)).as("label %d", label).isEqualTo(palette[label]);
    }
    assertThat(LabelColours.of(255)).isEqualTo(0xE0E0C0);
  }
}
