package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * The steps of a rank, summed up.
 *
 * @param rank from 0
 * @param host where it ran, the last one if there were several
 * @param steps how many
 * @param loss sum of their losses
 * @param keptFraction sum of their kept fractions
 * @param dropped reports of them that could not be sent
 */
public record RankSums(
    int rank, String host, long steps, double loss, double keptFraction, long dropped)
    implements Serializable {

  static RankSums of(StepReport report, boolean sent) {
    return new RankSums(
        report.by().rank(),
        report.by().host(),
        1,
        report.loss(),
        report.keptFraction(),
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
        dropped + later.dropped);
  }
}
