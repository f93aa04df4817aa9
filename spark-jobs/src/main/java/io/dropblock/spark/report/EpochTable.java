package io.dropblock.spark.report;

import io.dropblock.spark.train.RunEvent;
import java.util.List;
import java.util.Locale;

/** The table at the end of a run: a row an epoch. */
public final class EpochTable {
  private static final String HEAD =
      " epoch    loss  top-1 %  top-5 %  keep_prob    kept  learning rate  images/s  seconds\n";

  private EpochTable() {}

  /**
   * Renders the epochs among a run's events.
   *
   * @return lines, each with its end; the head alone if there is no epoch
   */
  public static String of(List<RunEvent> events) {
    StringBuilder table = new StringBuilder(HEAD);
    for (RunEvent event : events) {
      if (event instanceof RunEvent.Epoch epoch) {
        table.append(row(epoch));
      }
    }
    return table.toString();
  }

  private static String row(RunEvent.Epoch epoch) {
    return String.format(
        Locale.ROOT,
        "%6d  %6.3f  %7s  %7s  %9.3f  %6.3f  %13.5f  %8.0f  %7.1f%n",
        epoch.epoch() + 1,
        epoch.loss(),
        percent(epoch.top1()),
        percent(epoch.top5()),
        epoch.keepProbability(),
        epoch.keptFraction(),
        epoch.learningRate(),
        epoch.imagesPerSecond(),
        epoch.seconds());
  }

  private static String percent(Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.1f", 100 * share);
  }
}
