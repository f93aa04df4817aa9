package io.dropblock.spark.preflight.finding;

import io.dropblock.spark.text.ForeseenException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a check found, in one line.
 *
 * @param check its name, such as "clocks"
 * @param verdict what came of it
 * @param seen what was seen, with units; why, where nothing was checked
 * @param next what to do; empty where there is nothing
 */
public record Finding(String check, Verdict verdict, String seen, String next) {

  /** Makes one line of what may come from anywhere. */
  public Finding {
    Objects.requireNonNull(check, "check is null");
    Objects.requireNonNull(verdict, "verdict is null");
    seen = oneLine(seen);
    next = oneLine(next);
  }

  /** Nothing to do. */
  public static Finding ok(String check, String seen) {
    return new Finding(check, Verdict.OK, seen, "");
  }

  /** A training will go, but not as well as it could. */
  public static Finding warning(String check, String seen, String next) {
    return new Finding(check, Verdict.WARNING, seen, next);
  }

  /** A training would fail. */
  public static Finding fault(String check, String seen, String next) {
    return new Finding(check, Verdict.FAULT, seen, next);
  }

  /** Nothing is known. */
  public static Finding notChecked(String check, String reason) {
    return new Finding(check, Verdict.NOT_CHECKED, reason, "");
  }

  /**
   * A fault that somebody foresaw: what follows the last semicolon of the message is what to do.
   */
  public static Finding fault(String check, ForeseenException failure) {
    String message = oneLine(failure.getMessage());
    int cut = message.lastIndexOf("; ");
    return cut < 0
        ? fault(check, message, "")
        : fault(check, message.substring(0, cut), message.substring(cut + 2));
  }

  /**
   * What a check finds; what it throws that somebody foresaw is a fault.
   *
   * @param check its name
   */
  public static Finding of(String check, Supplier<Finding> work) {
    try {
      return work.get();
    } catch (ForeseenException e) {
      return fault(check, e);
    }
  }

  /** Whether any of them is a fault. */
  public static boolean anyFault(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.FAULT);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
