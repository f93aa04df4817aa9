package io.dropblock.spark.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LongLinesTest {
  @Test
  void cutsWhatIsForProgramsOnly() {
    String longest = "n".repeat(500);
    assertThat(LongLines.cut("a: 1\n" + longest)).isEqualTo("a: 1\n" + longest);
    assertThat(LongLines.cut("a: 1\n" + "n".repeat(1501) + "\nb: 2\n"))
        .isEqualTo("a: 1\n" + "n".repeat(100) + "... (1,501 characters)\nb: 2\n");
  }
}
