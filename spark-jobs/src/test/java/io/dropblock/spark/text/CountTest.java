package io.dropblock.spark.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {
  @Test
  void oneIsNotSeveral() {
    assertThat(Count.of(0, "image")).isEqualTo("0 images");
    assertThat(Count.of(1, "image")).isEqualTo("1 image");
    assertThat(Count.of(1_281_167, "image")).isEqualTo("1,281,167 images");
    assertThat(Count.of(2, "class")).isEqualTo("2 classes");
    assertThat(Count.of(1, "entry", "entries")).isEqualTo("1 entry");
    assertThat(Count.of(2, "entry", "entries")).isEqualTo("2 entries");
  }
}
