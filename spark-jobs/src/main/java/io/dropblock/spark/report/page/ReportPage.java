package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.chart.Markup;
import io.dropblock.spark.report.EpochTable;
import io.dropblock.spark.report.TimeLeft;
import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The page of some runs: one HTML file that loads nothing, with curves, a table of each run's
 * epochs, what went wrong, and the recipes. Every text from a run is escaped.
 */
public final class ReportPage {
  private static final String PAGE_STYLE =
      """
      body{font-family:sans-serif;margin:1rem auto;max-width:64rem;padding:0 .75rem;color:#222;\
      background:#fff}
      """;

  /** Of the body alone, which may stand in another page. */
  private static final String STYLE =
      """
      .training h1{font-size:1.4rem}.training h2{font-size:1.15rem;margin-top:2rem}
      .training .charts{display:grid;\
      grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:.75rem}
      .training .charts svg{width:100%;height:auto;border:1px solid #ddd}
      .training pre{overflow-x:auto;white-space:pre;background:#f6f6f6;padding:.5rem;font-size:.8rem}
      .training table{border-collapse:collapse}
      .training td,.training th{border:1px solid #ddd;padding:.25rem .5rem;text-align:left;\
      vertical-align:top}
      .training .wide{overflow-x:auto}
      """;

  private static final Comparator<RunEvent.Epoch> BY_PRIMARY =
      Comparator.comparingDouble(epoch -> epoch.scores().primary().value());

  private final List<ReportedRun> runs;
  private final StringBuilder html = new StringBuilder();

  private ReportPage(List<ReportedRun> runs) {
    this.runs = runs;
  }

  /**
   * The whole page.
   *
   * @param runs one or more, with different names
   */
  public static String of(List<ReportedRun> runs) {
    String title = title(runs);
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + Markup.escaped(title)
        + "</title>\n<style>\n"
        + PAGE_STYLE
        + "</style></head><body>\n<h1>"
        + Markup.escaped(title)
        + "</h1>\n"
        + body(runs)
        + "</body></html>\n";
  }

  /** What is in the page, as one element with its style, for another page to hold. */
  public static String body(List<ReportedRun> runs) {
    ReportPage page = new ReportPage(runs);
    page.write();
    return page.html.toString();
  }

  private static String title(List<ReportedRun> runs) {
    return runs.size() == 1 ? "Training of " + runs.get(0).name() : runs.size() + " trainings";
  }

  private void write() {
    html.append("<div class=\"training\">\n<style>\n").append(STYLE).append("</style>\n");
    summary();
    html.append("<h2>Curves</h2>\n<div class=\"charts\">\n");
    new RunCurves(runs).charts().stream().map(LineChart::svg).forEach(html::append);
    runs.forEach(run -> SpentTime.of(run).ifPresent(bars -> html.append(bars.svg())));
    html.append("</div>\n");
    for (ReportedRun run : runs) {
      html.append(
          EvaluatedSection.of(runs.size() == 1 ? "" : " of " + run.name(), run.evaluated()));
    }
    runs.forEach(this::run);
    html.append("</div>\n");
  }

  private void summary() {
    html.append("<div class=\"wide\"><table><tr>");
    for (String head :
        List.of("run", "recipe", "state", "ranks", "global batch", "parameters", "best", "last")) {
      element("th", head);
    }
    html.append("</tr>\n");
    for (ReportedRun run : runs) {
      RunEvent.Started started = run.started().orElseThrow();
      html.append("<tr>");
      element("td", run.address());
      element("td", started.recipe());
      element("td", state(run, started));
      element("td", String.valueOf(started.world()));
      element("td", String.valueOf(started.globalBatch()));
      element("td", String.format(Locale.ROOT, "%,d", started.parameters()));
      element("td", scored(run).max(BY_PRIMARY).map(ReportPage::primary).orElse("-"));
      element("td", scored(run).reduce((a, b) -> b).map(ReportPage::primary).orElse("-"));
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private static Stream<RunEvent.Epoch> scored(ReportedRun run) {
    return run.epochs().stream().filter(epoch -> Objects.nonNull(epoch.scores()));
  }

  private static String primary(RunEvent.Epoch epoch) {
    return epoch.scores().primary().text() + " after epoch " + (epoch.epoch() + 1);
  }

  private static String state(ReportedRun run, RunEvent.Started started) {
    int done = run.epochs().stream().mapToInt(it -> it.epoch() + 1).max().orElse(0);
    Optional<RunEvent> last = run.events().stream().reduce((first, second) -> second);
    String epochs = String.format(Locale.ROOT, "%d of %d epochs", done, started.epochs());
    if (last.filter(RunEvent.Stopped.class::isInstance).isPresent()) {
      return epochs + ", stopped";
    }
    return done >= started.epochs() ? "done: " + epochs : epochs + steps(run, started);
  }

  /** How far an epoch is, and how long the rest takes without evaluations, as fast as now. */
  private static String steps(ReportedRun run, RunEvent.Started started) {
    long all = (long) started.epochs() * started.stepsPerEpoch();
    return run.steps().stream()
        .reduce((first, second) -> second)
        .filter(steps -> steps.imagesPerSecond() > 0)
        .map(
            steps -> {
              double left = (double) (all - steps.step() - 1) * started.globalBatch();
              return String.format(
                  Locale.ROOT,
                  "; step %,d of %,d, %s",
                  steps.step() + 1,
                  all,
                  TimeLeft.text(Duration.ofMillis((long) (1e3 * left / steps.imagesPerSecond()))));
            })
        .orElse("");
  }

  private void run(ReportedRun run) {
    element("h2", runs.size() == 1 ? "Epochs" : "Epochs of " + run.name());
    element("pre", EpochTable.of(run.events()));
    List<String> incidents =
        run.events().stream().flatMap(event -> incident(event).stream()).toList();
    if (!incidents.isEmpty()) {
      element("h3", "What happened besides");
      html.append("<ul>\n");
      incidents.forEach(text -> element("li", text));
      html.append("</ul>\n");
    }
    html.append("<details><summary>Recipe</summary>\n");
    element("pre", run.recipe());
    html.append("</details>\n");
  }

  private static Optional<String> incident(RunEvent event) {
    if (event instanceof RunEvent.Note note) {
      return Optional.of(note.text());
    }
    if (event instanceof RunEvent.Failed failed) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "A job failed, and the run went on with step %d: %s",
              failed.step() + 1,
              failed.reason()));
    }
    return event instanceof RunEvent.Stopped stopped
        ? Optional.of("The run was told to end, behind step " + (stopped.step() + 1))
        : Optional.empty();
  }

  private void element(String name, String text) {
    html.append('<').append(name).append('>').append(Markup.escaped(text));
    html.append("</").append(name).append(">\n");
  }
}
