package io.dropblock.spark.report;

import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The table at the end of a run: a row an epoch, a column for each main score, one for the number
 * of ranks if that changed, and which epoch is the best.
 */
public final class EpochTable {
  private static final int NARROWEST = 7;

  private EpochTable() {}

  /**
   * Renders the epochs among a run's events.
   *
   * @return lines, each with its end; the head alone if there is no epoch
   */
  public static String of(List<RunEvent> events) {
    List<RunEvent.Epoch> epochs =
        events.stream()
            .filter(RunEvent.Epoch.class::isInstance)
            .map(RunEvent.Epoch.class::cast)
            .toList();
    List<String> scores =
        epochs.stream()
            .map(RunEvent.Epoch::scores)
            .filter(Objects::nonNull)
            .flatMap(found -> found.main().stream())
            .map(Score::name)
            .distinct()
            .toList();
    StringBuilder table = new StringBuilder(" epoch    loss");
    scores.forEach(name -> table.append("  ").append(padded(name + " %", name)));
    boolean ranks =
        epochs.stream().mapToInt(it -> it.ranks().size()).filter(it -> it > 0).distinct().count()
            > 1;
    table.append("  keep_prob    kept  learning rate  images/s  seconds");
    table.append(ranks ? "  ranks\n" : "\n");
    epochs.forEach(
        epoch -> table.append(row(epoch, scores)).append(ranks ? ranks(epoch) : "").append('\n'));
    return table.append(best(epochs)).toString();
  }

  /** The first of those with the highest primary score; none if none was evaluated. */
  private static String best(List<RunEvent.Epoch> epochs) {
    return epochs.stream()
        .filter(epoch -> epoch.scores() != null)
        .reduce((one, other) -> primary(other) > primary(one) ? other : one)
        .map(
            epoch ->
                String.format(
                    Locale.ROOT,
                    "%nBest: epoch %d, %s%n",
                    epoch.epoch() + 1,
                    epoch.scores().primary().text()))
        .orElse("");
  }

  private static double primary(RunEvent.Epoch epoch) {
    return epoch.scores().primary().value();
  }

  private static String padded(String text, String ofColumn) {
    int width = Math.max(NARROWEST, ofColumn.length() + 2);
    return " ".repeat(width - text.length()) + text;
  }

  private static String row(RunEvent.Epoch epoch, List<String> scores) {
    StringBuilder row = new StringBuilder();
    row.append(String.format(Locale.ROOT, "%6d  %6.3f", epoch.epoch() + 1, epoch.loss()));
    scores.forEach(name -> row.append("  ").append(padded(percent(epoch, name), name)));
    return row.append(
            String.format(
                Locale.ROOT,
                "  %9.3f  %6.3f  %13.5f  %8.0f  %7.1f",
                epoch.keepProbability(),
                epoch.keptFraction(),
                epoch.learningRate(),
                epoch.imagesPerSecond(),
                epoch.seconds()))
        .toString();
  }

  /** Those that trained its last steps. */
  private static String ranks(RunEvent.Epoch epoch) {
    return epoch.ranks().isEmpty()
        ? "      -"
        : String.format(Locale.ROOT, "  %5d", epoch.ranks().size());
  }

  private static String percent(RunEvent.Epoch epoch, String score) {
    return epoch.scores() == null
        ? "-"
        : epoch
            .scores()
            .value(score)
            .map(share -> String.format(Locale.ROOT, "%.1f", 100 * share))
            .orElse("-");
  }
}
