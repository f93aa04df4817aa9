package io.dropblock.spark.ring;

import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How a ring works.
 *
 * @param wire how elements travel; the same on all ranks
 * @param sum how gradients of a step that ranks share out are added up, where they travel as they
 *     are; the same on all ranks
 * @param silence how long a rank waits for a byte of a neighbour before it gives up. Longer than
 *     the slowest rank may be behind the fastest
 * @param strangerTimeout how long a caller may take to show who it is
 */
public record RingSettings(
    WireFormat wire, SumOrder sum, Duration silence, Duration strangerTimeout)
    implements Serializable {
  public RingSettings {
    Objects.requireNonNull(wire, "wire is null");
    Objects.requireNonNull(sum, "sum is null");
    requirePositive("silence", silence);
    requirePositive("stranger time-out", strangerTimeout);
  }

  /** Exact, slot by slot, 2 minutes of silence, 5 s for a stranger. */
  public static RingSettings defaults() {
    return new RingSettings(
        WireFormat.EXACT, SumOrder.SLOTS, Duration.ofMinutes(2), Duration.ofSeconds(5));
  }

  public RingSettings withWire(WireFormat format) {
    return new RingSettings(format, sum, silence, strangerTimeout);
  }

  public RingSettings withSum(SumOrder order) {
    return new RingSettings(wire, order, silence, strangerTimeout);
  }

  public RingSettings withSilence(Duration duration) {
    return new RingSettings(wire, sum, duration, strangerTimeout);
  }

  public RingSettings withStrangerTimeout(Duration duration) {
    return new RingSettings(wire, sum, silence, duration);
  }

  static void requirePositive(String what, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot use a %s of %s: it must be positive", what, duration));
    }
  }
}
