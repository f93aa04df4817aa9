package io.dropblock.schedule;

import java.util.OptionalInt;

/**
 * Half a wave of a cosine from one value to another, over the whole run or from a place on:
 *
 * <pre>{@code
 * to + (from - to) * (1 + cos(pi * done)) / 2
 * done = max(0, (progress - start) / (1 - start))
 * }</pre>
 *
 * <p>Loshchilov and Hutter 2017 (arXiv 1608.03983, equation 5) without restarts. {@code
 * warm-up(epoch 5, cosine(0.5, 0.0, from epoch 5))} is what torchvision's references do: the cosine
 * begins when the warm-up has ended.
 *
 * @param from value until {@code start}, finite
 * @param to value at progress 1, finite
 * @param start where it leaves {@code from}: a share of at least 0 and below 1, or an epoch
 */
public record Cosine(double from, double to, Place start) implements Schedule {
  private static final Place BEGINNING = new Place.Share(0);

  /**
   * @throws IllegalArgumentException if a value is not finite, or the share out of range
   */
  public Cosine {
    Checks.finite("cosine start", from);
    Checks.finite("cosine end", to);
    if (start instanceof Place.Share share && !(share.progress() >= 0 && share.progress() < 1)) {
      throw new IllegalArgumentException(
          "Invalid cosine begin: " + start + ", must be at least 0 and below 1");
    }
  }

  /** Over the whole run. */
  public Cosine(double from, double to) {
    this(from, to, BEGINNING);
  }

  @Override
  public double at(double progress) {
    double begin = start.progress(this);
    double done = Math.max(0, (Checks.progress(this, progress) - begin) / (1 - begin));
    double part = (1 + Math.cos(Math.PI * done)) / 2;
    // exact at both ends; the bounds take away a last-bit overshoot between them
    return Math.max(lowest(), Math.min(highest(), from * part + to * (1 - part)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if it would begin with the end
   */
  @Override
  public Cosine over(int epochs) {
    if (start instanceof Place.Epoch epoch && epoch.number() == epochs) {
      throw epoch.outside(epochs, this);
    }
    return new Cosine(from, to, start.over(epochs, this));
  }

  @Override
  public OptionalInt lastEpoch() {
    return start instanceof Place.Epoch epoch
        ? OptionalInt.of(epoch.number())
        : OptionalInt.empty();
  }

  @Override
  public double lowest() {
    return Math.min(from, to);
  }

  @Override
  public double highest() {
    return Math.max(from, to);
  }

  @Override
  public String toString() {
    String begin = start.equals(BEGINNING) ? "" : ", from " + start;
    return "cosine(" + from + ", " + to + begin + ")";
  }
}
