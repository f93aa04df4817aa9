package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.chart.Markup;
import io.dropblock.spark.report.TimeLeft;
import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  private final List<ReportedRun> runs;
  private final LogLinks logs;
  private final Html html = new Html();

  private ReportPage(List<ReportedRun> runs, LogLinks logs) {
    this.runs = runs;
    this.logs = logs;
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
        + body(runs, LogLinks.NONE)
        + "</body></html>\n";
  }

  /**
   * What is in the page, as one element with its style, for another page to hold.
   *
   * @param logs where the logs of executors can be read
   */
  public static String body(List<ReportedRun> runs, LogLinks logs) {
    ReportPage page = new ReportPage(runs, logs);
    page.write();
    return page.html.toString();
  }

  private static String title(List<ReportedRun> runs) {
    return runs.size() == 1 ? "Training of " + runs.get(0).name() : runs.size() + " trainings";
  }

  private void write() {
    html.raw("<div class=\"training\">\n<style>\n").raw(STYLE).raw("</style>\n");
    summary();
    html.raw("<h2>Curves</h2>\n<div class=\"charts\">\n");
    new RunCurves(runs).charts().stream().map(LineChart::svg).forEach(html::raw);
    runs.forEach(run -> SpentTime.of(run).ifPresent(bars -> html.raw(bars.svg())));
    html.raw("</div>\n");
    for (ReportedRun run : runs) {
      html.raw(EvaluatedSection.of(runs.size() == 1 ? "" : " of " + run.name(), run.evaluated()));
      new RunSection(html, run, runs.size() > 1, logs).write();
    }
    html.raw("</div>\n");
  }

  private void summary() {
    html.table(
        List.of("run", "recipe", "state", "ranks", "global batch", "parameters", "best", "last"),
        runs.stream().map(ReportPage::summary).toList());
  }

  private static List<String> summary(ReportedRun run) {
    RunEvent.Started started = run.started().orElseThrow();
    return List.of(
        run.address(),
        started.recipe(),
        state(run, started),
        String.valueOf(started.world()),
        String.valueOf(started.globalBatch()),
        String.format(Locale.ROOT, "%,d", started.parameters()),
        run.best().map(ReportPage::primary).orElse("-"),
        run.scored().reduce((a, b) -> b).map(ReportPage::primary).orElse("-"));
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
}
