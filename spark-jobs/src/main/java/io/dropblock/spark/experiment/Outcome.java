package io.dropblock.spark.experiment;

import io.dropblock.metric.Scores;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;
import java.util.Optional;

/**
 * What a cell's training came to.
 *
 * @param place of the cell
 * @param bestEpoch the first with the highest primary score, from 1
 * @param best scores of that epoch
 * @param last scores of the last epoch that was measured
 */
public record Outcome(Place place, int bestEpoch, Scores best, Scores last) {

  /**
   * From all that a run told, in its order.
   *
   * @return empty if no epoch was measured
   */
  public static Optional<Outcome> of(Place place, List<RunEvent> told) {
    List<RunEvent.Epoch> measured =
        CellEpochs.of(told).all().stream().filter(epoch -> epoch.scores() != null).toList();
    return measured.stream()
        .reduce((one, other) -> primary(other) > primary(one) ? other : one)
        .map(
            best ->
                new Outcome(
                    place,
                    best.epoch() + 1,
                    best.scores(),
                    measured.get(measured.size() - 1).scores()));
  }

  /** A network that says nothing is worse than any other. */
  private static double primary(RunEvent.Epoch epoch) {
    double score = epoch.scores().primary().value();
    return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
  }
}
