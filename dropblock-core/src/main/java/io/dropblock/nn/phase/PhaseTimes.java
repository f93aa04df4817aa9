package io.dropblock.nn.phase;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/** How long each part of one step took, or of several together. */
public final class PhaseTimes implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No time at all. */
  public static final PhaseTimes NONE = new PhaseTimes(new long[0]);

  /** Nanoseconds of each phase; those behind the end took none. */
  private final long[] nanos;

  PhaseTimes(long[] nanos) {
    this.nanos = nanos;
  }

  private long nanos(int phase) {
    return phase < nanos.length ? nanos[phase] : 0;
  }

  /** Seconds of a phase. */
  public double seconds(Phase phase) {
    return nanos(phase.ordinal()) / 1e9;
  }

  /** Seconds of all phases. */
  public double seconds() {
    double sum = 0;
    for (long phase : nanos) {
      sum += phase / 1e9;
    }
    return sum;
  }

  /** Both together. */
  public PhaseTimes plus(PhaseTimes other) {
    long[] sums = new long[Math.max(nanos.length, other.nanos.length)];
    for (int phase = 0; phase < sums.length; phase++) {
      sums[phase] = nanos(phase) + other.nanos(phase);
    }
    return new PhaseTimes(sums);
  }

  /** Milliseconds a step of the phases that took any time, if these are the times of some steps. */
  public Map<Phase, Double> milliseconds(int steps) {
    Map<Phase, Double> milliseconds = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      if (nanos(phase.ordinal()) > 0) {
        milliseconds.put(phase, nanos(phase.ordinal()) / 1e6 / steps);
      }
    }
    return milliseconds;
  }
}
