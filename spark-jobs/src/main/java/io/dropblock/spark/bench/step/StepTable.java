package io.dropblock.spark.bench.step;

import io.dropblock.spark.bench.FigureTable;
import java.util.Locale;
import java.util.function.Function;

/** The figures as people read them: rates and their ratios, a training step by phase, memory. */
public final class StepTable {
  private static final int LABEL = 30;
  private static final int CELL = 11;

  private final StepResults results;
  private final StepPlan plan;
  private final FigureTable table = new FigureTable(LABEL, CELL);

  private StepTable(StepResults results) {
    this.results = results;
    this.plan = results.plan();
  }

  /** Renders the figures of a run. */
  public static String of(StepResults results) {
    return new StepTable(results).render();
  }

  private String render() {
    table.line(
        "%s, batch %d, %dx%d, %d classes, DropBlock %s, synthetic images",
        plan.model().architecture().title(),
        plan.batch(),
        plan.size(),
        plan.size(),
        plan.model().classes(),
        plan.dropBlock() ? "on" : "off");
    table.line("%s", results.machine());
    results.machine().warning().ifPresent(warning -> table.line("%s", warning));
    rates();
    phases();
    memory();
    table.line("");
    table.line(
        "images/s: of all ranks together; median, least and most of %d repetitions.",
        plan.pace().repetitions());
    table.line(
        "inference: ours without batch normalisation, which is folded into the convolutions.");
    table.line("ms: of the repetition that is the median, a mean of the ranks.");
    table.line(
        "MiB: of the largest rank's process; growth over the measured steps, without garbage.");
    return table.toString();
  }

  private void rates() {
    table.line("");
    table.row("images/s", "training", "least", "most", "inference", "least", "most");
    for (int setup = 0; setup < plan.setups().size(); setup++) {
      StepFigure training = results.figures(StepKind.TRAINING).get(setup);
      StepFigure inference = results.figures(StepKind.INFERENCE).get(setup);
      table.row(
          training.setup().label(),
          rate(training.imagesPerSecond()),
          rate(training.least()),
          rate(training.most()),
          rate(inference.imagesPerSecond()),
          rate(inference.least()),
          rate(inference.most()));
    }
    results
        .timesStock(StepKind.TRAINING)
        .ifPresent(
            ratio ->
                table.row(
                    "ours / stock DL4J",
                    rate(ratio) + "x",
                    "",
                    "",
                    rate(results.timesStock(StepKind.INFERENCE).orElseThrow()) + "x"));
    results
        .ranksOverOne(StepKind.TRAINING)
        .ifPresent(
            ratio -> {
              table.row(
                  plan.ranks() + " ranks / 1",
                  rate(ratio) + "x",
                  "",
                  "",
                  rate(results.ranksOverOne(StepKind.INFERENCE).orElseThrow()) + "x");
              table.row(
                  String.format(
                      Locale.ROOT, "target, training: >= %.2fx", StepResults.RANKS_TARGET),
                  ratio >= StepResults.RANKS_TARGET ? "reached" : "MISSED");
            });
  }

  private void phases() {
    table.line("");
    table.row("training, ms a step", cells(Phase::label, "step", "first loss", "last loss"));
    for (StepFigure figure : results.figures(StepKind.TRAINING)) {
      table.row(
          figure.setup().label(),
          cells(
              phase -> rate(figure.milliseconds(phase)),
              rate(figure.milliseconds()),
              FigureTable.format("%.3f", figure.firstLoss()),
              FigureTable.format("%.3f", figure.lastLoss())));
    }
  }

  /** A cell for each phase, and more. */
  private static String[] cells(Function<Phase, String> ofPhase, String... more) {
    Phase[] phases = Phase.values();
    String[] cells = new String[phases.length + more.length];
    for (Phase phase : phases) {
      cells[phase.ordinal()] = ofPhase.apply(phase);
    }
    System.arraycopy(more, 0, cells, phases.length, more.length);
    return cells;
  }

  private void memory() {
    table.line("");
    table.row("memory, MiB", "training", "growth", "", "inference", "growth");
    for (int setup = 0; setup < plan.setups().size(); setup++) {
      StepFigure training = results.figures(StepKind.TRAINING).get(setup);
      StepFigure inference = results.figures(StepKind.INFERENCE).get(setup);
      table.row(
          training.setup().label(),
          FigureTable.format("%.0f", training.peak()),
          FigureTable.format("%.0f", training.growth()),
          "",
          FigureTable.format("%.0f", inference.peak()),
          FigureTable.format("%.0f", inference.growth()));
    }
  }

  private static String rate(double value) {
    return FigureTable.format("%.2f", value);
  }
}
