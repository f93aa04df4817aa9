package io.dropblock.schedule;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Another schedule that is reached on a straight line during the first part of training: {@code
 * from + (inner - from) * progress / end}, and {@code inner} from {@code end} on. Large batches
 * need it (Goyal et al. 2017, arXiv 1706.02677, section 2.2); the paper's ResNet-50 warms up from 0
 * for 5 of 270 epochs, its networks for detection and segmentation from a tenth of their rate for
 * one.
 *
 * @param end where it ends: a share above 0 and at most 1, or an epoch
 * @param from value at progress 0, finite
 * @param inner the schedule that is reached
 */
public record WarmUp(Place end, double from, Schedule inner) implements Schedule {

  /**
   * @throws IllegalArgumentException if the share is not inside (0, 1] or the start not finite
   */
  public WarmUp {
    Objects.requireNonNull(inner, "inner");
    Checks.finite("warm-up start", from);
    if (end instanceof Place.Share share && !(share.progress() > 0 && share.progress() <= 1)) {
      throw new IllegalArgumentException(
          "Invalid warm-up fraction: " + end + ", must be above 0 and at most 1");
    }
  }

  /** From 0, over a share of the run. */
  public WarmUp(double fraction, Schedule inner) {
    this(new Place.Share(fraction), 0, inner);
  }

  @Override
  public double at(double progress) {
    double done = Checks.progress(this, progress);
    double value = inner.at(done);
    double fraction = end.progress(this);
    if (done >= fraction) {
      return value;
    }
    double part = done / fraction;
    // the bounds take away a last-bit overshoot
    double between = from * (1 - part) + value * part;
    return Math.max(Math.min(from, value), Math.min(Math.max(from, value), between));
  }

  @Override
  public WarmUp over(int epochs) {
    return new WarmUp(end.over(epochs, this), from, inner.over(epochs));
  }

  @Override
  public OptionalInt lastEpoch() {
    OptionalInt last = inner.lastEpoch();
    return end instanceof Place.Epoch epoch
        ? OptionalInt.of(Math.max(epoch.number(), last.orElse(0)))
        : last;
  }

  @Override
  public double lowest() {
    return Math.min(from, inner.lowest());
  }

  @Override
  public double highest() {
    return Math.max(from, inner.highest());
  }

  @Override
  public String toString() {
    String start = Double.compare(from, 0) == 0 ? "" : "from " + from + ", ";
    return "warm-up(" + end + ", " + start + inner + ")";
  }
}
