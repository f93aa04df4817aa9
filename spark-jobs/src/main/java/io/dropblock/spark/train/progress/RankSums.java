package io.dropblock.spark.train.progress;

import io.dropblock.nn.phase.PhaseTimes;
import java.io.Serializable;

/**
 * The steps of a rank, summed up.
 *
 * @param rank from 0
 * @param host where it ran, the last one if there were several
 * @param steps how many
 * @param loss sum of their losses
 * @param keptFraction sum of their kept fractions
 * @param times sum of theirs
 * @param starved sum of micro-batches that they waited for
 * @param memory the most bytes outside the heap
 * @param dropped reports of them that could not be sent
 */
public record RankSums(
    int rank,
    String host,
    long steps,
    double loss,
    double keptFraction,
    PhaseTimes times,
    long starved,
    long memory,
    long dropped)
    implements Serializable {

  static RankSums of(StepReport report, boolean sent) {
    return new RankSums(
        report.by().rank(),
        report.by().host(),
        1,
        report.loss(),
        report.keptFraction(),
        report.times(),
        report.starved(),
        report.memory(),
        sent ? 0 : 1);
  }

  /** Of these steps and later ones. */
  RankSums plus(RankSums later) {
    return new RankSums(
        rank,
        later.host,
        steps + later.steps,
        loss + later.loss,
        keptFraction + later.keptFraction,
        times.plus(later.times),
        starved + later.starved,
        Math.max(memory, later.memory),
        dropped + later.dropped);
  }
}
