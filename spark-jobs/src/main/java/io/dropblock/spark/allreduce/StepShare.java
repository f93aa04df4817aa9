package io.dropblock.spark.allreduce;

import io.dropblock.spark.ring.Ring;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What a rank has of a step, as all ranks know it of each other.
 *
 * @param own samples of this rank, 0 without a batch
 * @param ofStep samples that the step should have on all ranks; 0 if each has a batch of its own
 * @param ofRanks samples of each rank
 * @param stop whether a rank wants all of them to end before this step
 */
record StepShare(long own, long ofStep, long[] ofRanks, boolean stop) {

  /**
   * Tells the other ranks, and hears from them.
   *
   * @param batch the rank's, null for none
   * @param stop whether this rank wants all of them to end before this step
   */
  static StepShare of(Ring ring, MultiDataSet batch, boolean stop) {
    long own = 0;
    long ofStep = 0;
    if (batch instanceof AccumulatedBatch shared) {
      own = shared.samples();
      ofStep = shared.samplesOfStep();
    } else if (batch != null) {
      own = batch.getFeatures(0).size(0);
    }
    long[] told = ring.gather(own << 1 | (stop ? 1 : 0));
    return new StepShare(
        own,
        ofStep,
        Arrays.stream(told).map(it -> it >> 1).toArray(),
        Arrays.stream(told).anyMatch(it -> (it & 1) == 1));
  }

  /** Whether each rank has a batch. */
  boolean isOnAllRanks() {
    return Arrays.stream(ofRanks).allMatch(samples -> samples > 0);
  }

  /** Whether it is a step that ranks share out, not a batch of each. */
  boolean isShared() {
    return ofStep > 0;
  }

  /**
   * Whether ranks have the whole step among them: all alike, or what adds up to it.
   *
   * @throws IllegalStateException if they share a step out and have more or less than that
   */
  boolean isWhole() {
    if (!isShared()) {
      return Arrays.stream(ofRanks).allMatch(samples -> samples == own);
    }
    if (total() != ofStep) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot train a step of %d samples: ranks have %s of it",
              ofStep,
              Arrays.toString(ofRanks)));
    }
    return true;
  }

  /** What this rank's mean counts in the mean over ranks: 1 where all have as many samples. */
  double ofMean() {
    return (double) own * ofRanks.length / total();
  }

  private long total() {
    return Arrays.stream(ofRanks).sum();
  }
}
