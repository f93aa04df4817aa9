package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.Markup;
import io.dropblock.spark.report.EpochTable;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.LongLines;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is told of one run: its epochs, what went wrong, its ranks, sites, machine and recipe. */
final class RunSection {
  private static final double MIB = 1 << 20;

  private final Html html;
  private final ReportedRun run;
  private final boolean named;
  private final LogLinks logs;

  /**
   * @param html where it is written
   * @param named whether there are other runs in the page
   * @param logs of its executors
   */
  RunSection(Html html, ReportedRun run, boolean named, LogLinks logs) {
    this.html = html;
    this.run = run;
    this.named = named;
    this.logs = logs;
  }

  void write() {
    html.element("h2", named ? "Epochs of " + run.name() : "Epochs");
    html.element("pre", EpochTable.of(run.events()));
    List<String> incidents =
        run.events().stream().flatMap(event -> incident(event).stream()).toList();
    if (!incidents.isEmpty()) {
      html.element("h3", "What happened besides").raw("<ul>\n");
      incidents.forEach(text -> html.element("li", text));
      html.raw("</ul>\n");
    }
    ranks();
    sites();
    run.of(RunEvent.Environment.class).stream()
        .reduce((first, second) -> second)
        .ifPresent(this::environment);
    html.raw("<details><summary>Recipe</summary>\n").element("pre", LongLines.cut(run.recipe()));
    html.raw("</details>\n");
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
    if (event instanceof RunEvent.Ranks change) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s in place of %d went on with step %d",
              Count.of(change.ranks(), "rank"),
              change.before(),
              change.step() + 1));
    }
    return event instanceof RunEvent.Stopped stopped
        ? Optional.of("The run was told to end, behind step " + (stopped.step() + 1))
        : Optional.empty();
  }

  private void ranks() {
    List<RunEvent.RankTimes> ranks =
        run.epochs().stream()
            .map(RunEvent.Epoch::ranks)
            .filter(all -> !all.isEmpty())
            .reduce(List.of(), (first, second) -> second);
    if (ranks.isEmpty()) {
      return;
    }
    html.raw("<details><summary>Ranks in the last epoch</summary>\n");
    html.raw("<div class=\"wide\"><table><tr>");
    List.of("rank", "host", "executor", "memory outside the heap", "batches waited for", "logs")
        .forEach(head -> html.element("th", head));
    html.raw("</tr>\n");
    for (RunEvent.RankTimes rank : ranks) {
      html.raw("<tr>").element("td", String.valueOf(rank.rank())).element("td", rank.host());
      html.element("td", rank.executor() == null ? "-" : rank.executor());
      html.element("td", String.format(Locale.ROOT, "%,.0f MiB", rank.nativeMemory() / MIB));
      html.element("td", String.valueOf(rank.starved()));
      html.raw("<td>" + links(rank) + "</td></tr>\n");
    }
    html.raw("</table></div></details>\n");
  }

  private String links(RunEvent.RankTimes rank) {
    Map<String, String> links = logs.ofExecutor(rank.executor());
    return links.isEmpty()
        ? "-"
        : links.entrySet().stream()
            .map(
                link ->
                    "<a href=\""
                        + Markup.escaped(link.getValue())
                        + "\">"
                        + Markup.escaped(link.getKey())
                        + "</a>")
            .collect(Collectors.joining(" "));
  }

  private void sites() {
    List<RunEvent.SiteShare> sites =
        run.epochs().stream()
            .map(RunEvent.Epoch::sites)
            .filter(all -> !all.isEmpty())
            .reduce(List.of(), (first, second) -> second);
    if (!sites.isEmpty()) {
      html.raw("<details><summary>Share kept at each site in the last epoch</summary>\n");
      html.table(
          List.of("site", "expected", "kept"),
          sites.stream()
              .map(site -> List.of(site.site(), percent(site.expected()), percent(site.kept())))
              .toList());
      html.raw("</details>\n");
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private void environment(RunEvent.Environment environment) {
    html.raw("<details><summary>Environment</summary>\n");
    html.table(
        List.of("what", "value"),
        environment.facts().entrySet().stream()
            .map(fact -> List.of(fact.getKey(), fact.getValue()))
            .toList());
    html.raw("</details>\n");
  }
}
