package io.dropblock.spark.report.evaluated;

import io.dropblock.metric.Scores.Score;
import java.util.List;
import java.util.Optional;

/**
 * What the last evaluation of a run found, as far as pages show it.
 *
 * @param epochs that were done, 1 or more
 * @param pictures of examples
 * @param byClass scores of single classes, shares; may be none
 * @param confusion which class was taken for which, where a task has that
 */
public record Evaluated(
    int epochs,
    List<EmbeddedPicture> pictures,
    List<Score> byClass,
    Optional<NamedConfusion> confusion) {
  /** Copies the lists. */
  public Evaluated {
    pictures = List.copyOf(pictures);
    byClass = List.copyOf(byClass);
  }

  /** A picture alone. */
  public static Evaluated of(int epochs, EmbeddedPicture picture) {
    return new Evaluated(epochs, List.of(picture), List.of(), Optional.empty());
  }
}
