package io.dropblock.schedule;

import java.util.Objects;

/**
 * Another schedule whose value grows from 0 during the first part of training: {@code inner *
 * progress / fraction}, and {@code inner} from {@code fraction} on. Large batches need it (Goyal et
 * al. 2017, arXiv 1706.02677, section 2.2); the paper's ResNet-50 warms up for 5 of 270 epochs.
 *
 * @param fraction part of the training that warms up, above 0 and at most 1
 * @param inner the schedule that is scaled
 */
public record WarmUp(double fraction, Schedule inner) implements Schedule {

  /**
   * @throws IllegalArgumentException if the fraction is not inside (0, 1]
   */
  public WarmUp {
    Objects.requireNonNull(inner, "inner");
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "Invalid warm-up fraction: " + fraction + ", must be above 0 and at most 1");
    }
  }

  @Override
  public double at(double progress) {
    double done = Checks.progress(this, progress);
    double value = inner.at(done);
    return done < fraction ? value * (done / fraction) : value;
  }

  @Override
  public double lowest() {
    return Math.min(0, inner.lowest());
  }

  @Override
  public double highest() {
    return Math.max(0, inner.highest());
  }

  @Override
  public String toString() {
    return "warm-up(" + fraction + ", " + inner + ")";
  }
}
