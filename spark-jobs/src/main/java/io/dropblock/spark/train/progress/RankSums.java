package io.dropblock.spark.train.progress;

import io.dropblock.nn.phase.PhaseTimes;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The steps of a rank, summed up.
 *
 * @param rank from 0
 * @param host where it ran, the last one if there were several
 * @param executor Spark's name of the process there
 * @param steps how many
 * @param batches how many micro-batches they have
 * @param loss sum of the losses of these
 * @param keptFraction sum of the kept fractions of these
 * @param times sum of theirs
 * @param starved sum of micro-batches that they waited for
 * @param memory the most bytes outside the heap
 * @param dropped reports of them that could not be sent
 * @param sites what each site kept of each micro-batch, in the order of the network
 */
public record RankSums(
    int rank,
    String host,
    String executor,
    long steps,
    long batches,
    double loss,
    double keptFraction,
    PhaseTimes times,
    long starved,
    long memory,
    long dropped,
    Map<String, SiteSums> sites)
    implements Serializable {

  static RankSums of(StepReport report, boolean sent, Map<String, SiteSums> sites) {
    return new RankSums(
        report.by().rank(),
        report.by().host(),
        report.by().executor(),
        1,
        report.batches(),
        report.batches() * report.loss(),
        report.batches() * report.keptFraction(),
        report.times(),
        report.starved(),
        report.memory(),
        sent ? 0 : 1,
        times(report.batches(), sites));
  }

  private static Map<String, SiteSums> times(int batches, Map<String, SiteSums> sites) {
    Map<String, SiteSums> sums = new LinkedHashMap<>(sites);
    sums.replaceAll((name, mean) -> mean.times(batches));
    return sums;
  }

  /** Of these steps and later ones. */
  RankSums plus(RankSums later) {
    return new RankSums(
        rank,
        later.host,
        later.executor,
        steps + later.steps,
        batches + later.batches,
        loss + later.loss,
        keptFraction + later.keptFraction,
        times.plus(later.times),
        starved + later.starved,
        Math.max(memory, later.memory),
        dropped + later.dropped,
        added(sites, later.sites));
  }

  static Map<String, SiteSums> added(Map<String, SiteSums> sites, Map<String, SiteSums> more) {
    Map<String, SiteSums> sum = new LinkedHashMap<>(sites);
    more.forEach((name, site) -> sum.merge(name, site, SiteSums::plus));
    return sum;
  }
}
