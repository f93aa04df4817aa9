package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cli.Answer;
import io.dropblock.spark.cli.HelpTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bench and its commands say of themselves, as all others do, and beside them. */
class BenchHelpTest extends HelpTest {

  @Test
  void isListedBehindTheOthersAndBeforeHelp() {
    assertThat(Answer.to("help").out())
        .containsPattern("(?s)\n  describe  .*\n  bench +Measures: .*\n  help +");
    assertThat(Answer.to("help", "bench").out())
        .isEqualTo(Answer.to("bench", "--help").out())
        .contains("Example:", "./submit.sh bench op")
        .containsPattern(
            "(?s)\n  op .*\n  step .*\n  averaging .*\n  input .*\n  separable .*\n  trace ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"op", "step", "averaging", "input", "separable"})
  void everyMeasurementExplainsItselfWithAnExample(String what) {
    Answer answer = Answer.to("bench", what, "--help");

    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("Example:", "./submit.sh bench " + what + " --", "--verbose", "--json");
  }

  @Test
  void wrongUsageIsOneLine() {
    assertThat(Answer.to("bench", "op", "--shapes", "32x28").error().strip())
        .contains("Invalid shape: '32x28'")
        .endsWith("; see ./submit.sh bench op --help");
    assertThat(Answer.to("bench", "step", "--batch", "0").error().strip())
        .isEqualTo("Invalid batch: 0 is below 1; see ./submit.sh bench step --help");
    Answer nothing = Answer.to("bench");
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.error().strip())
        .isEqualTo(
            "Cannot measure: say what, op, step, averaging, input, separable or trace; see ./submit.sh bench --help");
  }
}
