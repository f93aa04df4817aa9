package io.dropblock.spark.cli;

import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What numbers of options may be.
 *
 * @param command whose they are
 */
record Ranges(CommandSpec command) {

  /**
   * A whole number.
   *
   * @throws ParameterException if it is out of its range
   */
  void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT, "Cannot use %s %d: it is not in %d to %d", option, value, least, most));
    }
  }

  /**
   * A probability.
   *
   * @param zero whether it may be 0
   * @throws ParameterException if it is none
   */
  void requireShare(String option, double value, boolean zero) {
    if (!(value >= 0 && value <= 1) || value == 0 && !zero) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT,
              "Cannot use %s %s: it is not %s 0 and at most 1",
              option,
              value,
              zero ? "at least" : "above"));
    }
  }
}
