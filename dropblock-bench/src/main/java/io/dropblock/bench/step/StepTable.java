package io.dropblock.bench.step;

import io.dropblock.bench.figure.FigureSheet;
import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.nn.phase.Phase;
import io.dropblock.spark.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The figures as people read them: rates and their ratios, a step by phase, memory. */
public final class StepTable {
  private final StepResults results;
  private final StepPlan plan;

  private StepTable(StepResults results) {
    this.results = results;
    this.plan = results.plan();
  }

  /** Renders the figures of a run. */
  public static String of(StepResults results) {
    return new StepTable(results).render();
  }

  private String render() {
    FigureSheet sheet = new FigureSheet();
    sheet.line(
        "%s, batch %d, %dx%d, %d classes, DropBlock %s, synthetic images",
        plan.model().architecture().title(),
        plan.batch(),
        plan.size(),
        plan.size(),
        plan.model().classes(),
        plan.dropBlock() ? "on" : "off");
    sheet.machine(results.machine());
    sheet.table(rates());
    sheet.table(training());
    sheet.table(inference());
    sheet.table(memory());
    sheet.line("");
    sheet.line(
        "images/s: of all ranks together; median, least and most of %d repetitions.",
        plan.pace().repetitions());
    sheet.line(
        "inference: ours without batch normalisation, which is folded into the convolutions.");
    sheet.line("ms: of the repetition that is the median, a mean of the ranks.");
    sheet.line(
        "MiB: of the largest rank's process; growth over the measured steps, without garbage.");
    return sheet.toString();
  }

  private Table rates() {
    Table table = Table.of("images/s", "training", "least", "most", "inference", "least", "most");
    for (int setup = 0; setup < plan.setups().size(); setup++) {
      StepFigure training = results.figures(StepKind.TRAINING).get(setup);
      StepFigure inference = results.figures(StepKind.INFERENCE).get(setup);
      table.row(
          training.setup().label(),
          number(training.imagesPerSecond()),
          number(training.least()),
          number(training.most()),
          number(inference.imagesPerSecond()),
          number(inference.least()),
          number(inference.most()));
    }
    results
        .timesStock(StepKind.TRAINING)
        .ifPresent(
            ratio ->
                ratios(
                    table,
                    "ours / stock DL4J",
                    ratio,
                    results.timesStock(StepKind.INFERENCE).orElseThrow()));
    results
        .ranksOverOne(StepKind.TRAINING)
        .ifPresent(
            ratio -> {
              ratios(
                  table,
                  plan.ranks() + " ranks / 1",
                  ratio,
                  results.ranksOverOne(StepKind.INFERENCE).orElseThrow());
              table.row(
                  FigureSheet.format("target, training: >= %.2fx", StepResults.RANKS_TARGET),
                  ratio >= StepResults.RANKS_TARGET ? "reached" : "MISSED");
            });
    return table;
  }

  private static void ratios(Table table, String label, double training, double inference) {
    table.row(label, number(training) + "x", "", "", number(inference) + "x");
  }

  private Table training() {
    Table table =
        Table.of(
            "training, ms a step",
            cells(StepKind.TRAINING, Phase::label, "step", "first loss", "last loss"));
    for (StepFigure figure : results.figures(StepKind.TRAINING)) {
      row(
          table,
          figure,
          number(figure.milliseconds()),
          FigureSheet.format("%.3f", figure.firstLoss()),
          FigureSheet.format("%.3f", figure.lastLoss()));
    }
    return table;
  }

  private Table inference() {
    Table table = Table.of("inference, ms a step", cells(StepKind.INFERENCE, Phase::label, "step"));
    for (StepFigure figure : results.figures(StepKind.INFERENCE)) {
      row(table, figure, number(figure.milliseconds()));
    }
    return table;
  }

  private static void row(Table table, StepFigure figure, String... more) {
    List<String> row = new ArrayList<>(List.of(figure.setup().label()));
    row.addAll(List.of(cells(figure.kind(), phase -> number(figure.milliseconds(phase)), more)));
    table.row(row.toArray(String[]::new));
  }

  /** A cell for each phase, and more. */
  private static String[] cells(StepKind kind, Function<Phase, String> ofPhase, String... more) {
    return Stream.concat(kind.phases().stream().map(ofPhase), Stream.of(more))
        .toArray(String[]::new);
  }

  private Table memory() {
    Table table = Table.of("memory, MiB", "training", "growth", "inference", "growth");
    for (int setup = 0; setup < plan.setups().size(); setup++) {
      StepFigure training = results.figures(StepKind.TRAINING).get(setup);
      StepFigure inference = results.figures(StepKind.INFERENCE).get(setup);
      table.row(
          training.setup().label(),
          whole(training.peak()),
          whole(training.growth()),
          whole(inference.peak()),
          whole(inference.growth()));
    }
    return table;
  }

  private static String number(double value) {
    return FigureSheet.format("%.2f", value);
  }

  private static String whole(double value) {
    return FigureSheet.format("%.0f", value);
  }
}
