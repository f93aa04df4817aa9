package io.dropblock.spark.bench.step;

import java.util.Locale;
import java.util.function.Function;

/** The figures as people read them: rates and their ratios, a training step by phase, memory. */
public final class StepTable {
  private static final int LABEL = 30;
  private static final int CELL = 11;

  private final StepResults results;
  private final StepPlan plan;
  private final StringBuilder text = new StringBuilder();

  private StepTable(StepResults results) {
    this.results = results;
    this.plan = results.plan();
  }

  /** Renders the figures of a run. */
  public static String of(StepResults results) {
    return new StepTable(results).render();
  }

  private String render() {
    line(
        "%s, batch %d, %dx%d, %d classes, DropBlock %s, synthetic images",
        plan.model().architecture().title(),
        plan.batch(),
        plan.size(),
        plan.size(),
        plan.model().classes(),
        plan.dropBlock() ? "on" : "off");
    line("%s", results.machine());
    results.machine().warning().ifPresent(warning -> line("%s", warning));
    rates();
    phases();
    memory();
    line("");
    line(
        "images/s: of all ranks together; median, least and most of %d repetitions.",
        plan.pace().repetitions());
    line("inference: ours without batch normalisation, which is folded into the convolutions.");
    line("ms: of the repetition that is the median, a mean of the ranks.");
    line("MiB: of the largest rank's process; growth over the measured steps, without garbage.");
    return text.toString();
  }

  private void rates() {
    line("");
    row("images/s", "training", "least", "most", "inference", "least", "most");
    for (int setup = 0; setup < plan.setups().size(); setup++) {
      StepFigure training = results.figures(StepKind.TRAINING).get(setup);
      StepFigure inference = results.figures(StepKind.INFERENCE).get(setup);
      row(
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
                row(
                    "ours / stock DL4J",
                    rate(ratio) + "x",
                    "",
                    "",
                    rate(results.timesStock(StepKind.INFERENCE).orElseThrow()) + "x"));
    results
        .ranksOverOne(StepKind.TRAINING)
        .ifPresent(
            ratio -> {
              row(
                  plan.ranks() + " ranks / 1",
                  rate(ratio) + "x",
                  "",
                  "",
                  rate(results.ranksOverOne(StepKind.INFERENCE).orElseThrow()) + "x");
              row(
                  "target, training: >= %.2fx".formatted(StepResults.RANKS_TARGET),
                  ratio >= StepResults.RANKS_TARGET ? "reached" : "MISSED");
            });
  }

  private void phases() {
    line("");
    row("training, ms a step", cells(Phase::label, "step", "first loss", "last loss"));
    for (StepFigure figure : results.figures(StepKind.TRAINING)) {
      row(
          figure.setup().label(),
          cells(
              phase -> rate(figure.milliseconds(phase)),
              rate(figure.milliseconds()),
              format("%.3f", figure.firstLoss()),
              format("%.3f", figure.lastLoss())));
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
    line("");
    row("memory, MiB", "training", "growth", "", "inference", "growth");
    for (int setup = 0; setup < plan.setups().size(); setup++) {
      StepFigure training = results.figures(StepKind.TRAINING).get(setup);
      StepFigure inference = results.figures(StepKind.INFERENCE).get(setup);
      row(
          training.setup().label(),
          format("%.0f", training.peak()),
          format("%.0f", training.growth()),
          "",
          format("%.0f", inference.peak()),
          format("%.0f", inference.growth()));
    }
  }

  private void row(String label, String... cells) {
    StringBuilder row = new StringBuilder(format("%-" + LABEL + "s", label));
    for (String cell : cells) {
      row.append(format("%" + CELL + "s", cell));
    }
    line("%s", row.toString().stripTrailing());
  }

  private void line(String pattern, Object... values) {
    text.append(format(pattern, values)).append(System.lineSeparator());
  }

  private static String rate(double value) {
    return format("%.2f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
