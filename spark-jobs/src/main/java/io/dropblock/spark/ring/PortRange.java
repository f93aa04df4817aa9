package io.dropblock.spark.ring;

import java.io.Serializable;
import java.util.Locale;

/**
 * The TCP ports that a rank may listen on.
 *
 * @param first lowest, 1 to 65535; or 0, with last = 0, for any free port
 * @param last highest, inclusive
 */
public record PortRange(int first, int last) implements Serializable {
  private static final int HIGHEST = 65_535;

  public PortRange {
    boolean any = first == 0 && last == 0;
    if (!any && (first < 1 || last > HIGHEST || first > last)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot use ports %d to %d: give two ports of 1 to %d, the lower one first, or 0 for any",
              first,
              last,
              HIGHEST));
    }
  }

  /** Any port that is free. */
  public static PortRange any() {
    return new PortRange(0, 0);
  }

  @Override
  public String toString() {
    if (first == last) {
      return first == 0 ? "any port" : "port " + first;
    }
    return "ports " + first + " to " + last;
  }
}
