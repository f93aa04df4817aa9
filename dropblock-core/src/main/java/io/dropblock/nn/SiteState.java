package io.dropblock.nn;

import io.dropblock.op.DropMask;
import io.dropblock.op.MaskKey;
import java.util.Locale;

/** What a site knows of the step it is in, and the mask of its last forward pass. */
final class SiteState {
  private final String kind;
  private final double dropScale;
  private final KeepSchedule.Counted own;
  private DropBlockStep told;
  private boolean activeAtInference;
  private DropMask mask;
  private Double keptFraction = 1.0;
  private double expectedFraction = 1;
  private long passed;
  private double keptOfPassed;

  /**
   * @param kind for messages
   * @param dropScale factor on the drop probability
   * @param plan the site's own schedule, null for none
   * @param seed of the masks that are drawn by that schedule
   */
  SiteState(String kind, double dropScale, KeepSchedule plan, long seed) {
    this.kind = kind;
    this.dropScale = dropScale;
    this.own = plan == null ? null : plan.counted(seed);
  }

  /** Returns the factor on the drop probability, or refuses what is none. */
  static double requireScale(double scale) {
    if (!(scale >= 0 && scale <= 1)) {
      throw new IllegalArgumentException(
          "Invalid drop scale: " + scale + ", must be between 0 and 1");
    }
    return scale;
  }

  void tell(DropBlockStep step) {
    told = step;
  }

  void activeAtInference(boolean active) {
    activeAtInference = active;
  }

  boolean isActive(boolean training) {
    return training || activeAtInference;
  }

  /**
   * The step of the coming pass, its keep probability that of this site: what was told from outside
   * if anything was, else what the site's own schedule says.
   *
   * @throws IllegalStateException if there is neither, or the network is one of several copies that
   *     all count for themselves
   */
  DropBlockStep step(String name, int iteration, int epoch) {
    if (told == null && own == null) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply %s '%s': no keep probability is set; call DropBlockSites.set before",
              kind,
              name));
    }
    if (told == null) {
      CopiedNetwork.refuse(kind, name);
    }
    DropBlockStep step = told != null ? told : own.at(iteration, epoch);
    return new DropBlockStep(
        Math.max(0, 1 - (1 - step.keepProbability()) * dropScale),
        step.seed(),
        step.step(),
        step.firstSample() + passed);
  }

  /** Some samples of a step are done, and the coming pass is over the ones behind them. */
  void passed(int samples) {
    passed += samples;
    keptOfPassed += keptFraction() * samples;
  }

  /** The step is over: what it kept is the mean over its samples. */
  void restart() {
    if (passed > 0) {
      keptFraction = keptOfPassed / passed;
    }
    passed = 0;
    keptOfPassed = 0;
  }

  static MaskKey key(DropBlockStep step, String name) {
    return new MaskKey(step.seed(), MaskKey.layer(name), step.step(), step.firstSample());
  }

  /** Keeps the mask of a forward pass for its backward pass; null where nothing is dropped. */
  void mask(DropMask drawn) {
    clear();
    mask = drawn;
    // not yet: a mask on a GPU would have to be waited for
    keptFraction = drawn == null ? 1.0 : null;
    expectedFraction = drawn == null ? 1 : drawn.expectedKeptFraction();
  }

  DropMask mask() {
    return mask;
  }

  /** Lets go of the mask; what was dropped stays known. */
  void clear() {
    if (mask != null) {
      keptFraction();
      mask.close();
    }
    mask = null;
  }

  double keptFraction() {
    if (keptFraction == null) {
      keptFraction = mask.keptFraction();
    }
    return keptFraction;
  }

  /** What the last mask let expect. */
  double expectedFraction() {
    return expectedFraction;
  }
}
