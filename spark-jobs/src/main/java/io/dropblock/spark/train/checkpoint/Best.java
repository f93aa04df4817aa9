package io.dropblock.spark.train.checkpoint;

import io.dropblock.metric.Scores;
import java.io.Serializable;

/**
 * The best an epoch of a run has reached so far, by the primary score.
 *
 * @param score its name
 * @param value its value
 * @param epoch the epoch it was reached in first, from 0
 */
public record Best(String score, double value, int epoch) implements Serializable {

  /** The better one of a best so far, which may be null, and an epoch's. */
  public static Best of(Best before, Scores scores, int epoch) {
    Scores.Score primary = scores.primary();
    return before == null || primary.value() > before.value()
        ? new Best(primary.name(), primary.value(), epoch)
        : before;
  }
}
