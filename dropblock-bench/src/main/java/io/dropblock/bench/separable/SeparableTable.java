package io.dropblock.bench.separable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.figure.FigureFile;
import io.dropblock.bench.figure.FigureSheet;
import io.dropblock.bench.figure.Spread;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;
import java.io.IOException;
import java.nio.file.Path;

/** The figures as people read them, and for programs. */
public final class SeparableTable {
  private SeparableTable() {}

  /** Renders the figures of a run. */
  public static String of(SeparableResults results) {
    SeparablePlan plan = results.plan();
    FigureSheet sheet = new FigureSheet();
    sheet.line(
        "Separable convolutions of AmoebaNet-B (6, 256), %s, %s",
        Count.of(plan.batch(), "image"), Count.of(plan.threads(), "thread"));
    sheet.machine(results.machine());
    Table table = Table.of("ms", "forward", "least", "most", "with gradients", "least", "most");
    for (SeparableFigure figure : results.figures()) {
      Spread forward = figure.forward();
      Spread both = figure.both();
      table.row(
          figure.what().label(),
          number(forward.median()),
          number(forward.least()),
          number(forward.most()),
          number(both.median()),
          number(both.least()),
          number(both.most()));
    }
    sheet.table(table);
    sheet.line("");
    sheet.line(
        "ms: ReLU, depthwise convolution, 1x1 convolution; the median of %d repetitions.",
        plan.repetitions());
    return sheet.toString();
  }

  private static String number(double value) {
    return FigureSheet.format("%.2f", value);
  }

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(SeparableResults results, Path file) throws IOException {
    FigureFile.write(tree(results), file);
  }

  static ObjectNode tree(SeparableResults results) {
    ObjectNode root = FigureFile.of("separable");
    root.put("batch", results.plan().batch()).put("threads", results.plan().threads());
    results.machine().addTo(root);
    ArrayNode figures = root.putArray("figures");
    for (SeparableFigure figure : results.figures()) {
      SeparableCase what = figure.what();
      figures
          .addObject()
          .put("side", what.side())
          .put("channels", what.channels())
          .put("kernel", what.kernel())
          .put("stride", what.stride())
          .put("forward_ms", figure.forward().median())
          .put("both_ms", figure.both().median());
    }
    return root;
  }
}
