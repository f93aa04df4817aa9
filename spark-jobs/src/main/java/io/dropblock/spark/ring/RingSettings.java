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
 * @param encryption whether it is encrypted; the same on all ranks
 * @param silence how long a rank waits for a byte of a neighbour before it gives up. Longer than
 *     the slowest rank may be behind the fastest
 * @param strangerTimeout how long a caller may take to show who it is
 */
public record RingSettings(
    WireFormat wire,
    SumOrder sum,
    Encryption encryption,
    Duration silence,
    Duration strangerTimeout)
    implements Serializable {
  public RingSettings {
    Objects.requireNonNull(wire, "wire is null");
    Objects.requireNonNull(sum, "sum is null");
    Objects.requireNonNull(encryption, "encryption is null");
    requirePositive("silence", silence);
    requirePositive("stranger time-out", strangerTimeout);
  }

  /**
   * Exact, slot by slot, encrypted as Spark's connections are, 2 minutes of silence, 5 s for a
   * stranger.
   */
  public static RingSettings defaults() {
    return new RingSettings(
        WireFormat.EXACT,
        SumOrder.SLOTS,
        Encryption.AUTO,
        Duration.ofMinutes(2),
        Duration.ofSeconds(5));
  }

  public RingSettings withWire(WireFormat format) {
    return new RingSettings(format, sum, encryption, silence, strangerTimeout);
  }

  public RingSettings withSum(SumOrder order) {
    return new RingSettings(wire, order, encryption, silence, strangerTimeout);
  }

  public RingSettings withEncryption(Encryption wanted) {
    return new RingSettings(wire, sum, wanted, silence, strangerTimeout);
  }

  public RingSettings withSilence(Duration duration) {
    return new RingSettings(wire, sum, encryption, duration, strangerTimeout);
  }

  public RingSettings withStrangerTimeout(Duration duration) {
    return new RingSettings(wire, sum, encryption, silence, duration);
  }

  static void requirePositive(String what, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot use a %s of %s: it must be positive", what, duration));
    }
  }
}
