package io.dropblock.bench.op;

import io.dropblock.bench.figure.FigureSheet;
import io.dropblock.bench.figure.TensorShape;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The figures as people read them: a table for each number of threads, and the targets. */
public final class OpTable {
  private final OpResults results;
  private final FigureSheet sheet = new FigureSheet();

  private OpTable(OpResults results) {
    this.results = results;
  }

  /** Renders the figures of a run. */
  public static String of(OpResults results) {
    return new OpTable(results).render();
  }

  private String render() {
    sheet.line(
        "DropBlock op, float NCHW, block %d, keep_prob %.1f",
        OpBenchmark.BLOCK, OpBenchmark.KEEP_PROBABILITY);
    sheet.machine(results.machine());
    for (int threads : results.threads()) {
      sheet.table(times(threads));
      sheet.table(targets(threads));
    }
    sheet.line("");
    sheet.line("copy is the faster of the two copies, for each shape and number of threads.");
    return sheet.toString();
  }

  private Table times(int threads) {
    Table table = table(Count.of(threads, "thread") + ": median ms (x copy)");
    for (OpCase what : OpCase.values()) {
      table.row(cells(what.label(), shape -> time(what, shape, threads)));
    }
    return table;
  }

  private String time(OpCase what, TensorShape shape, int threads) {
    double median = results.median(what, shape, threads);
    return cell(median, "%.3f (%.1fx)", median, results.timesCopy(what, shape, threads));
  }

  private Table targets(int threads) {
    Table table = table("Targets");
    for (OpTarget target : OpTarget.values()) {
      String label = target.label() + (target.atMost() ? " <= " : " >= ") + limit(target);
      table.row(cells(label, shape -> target(target, shape, threads)));
    }
    return table;
  }

  private String target(OpTarget target, TensorShape shape, int threads) {
    double value = target.value(results, shape, threads);
    return cell(value, "%.2f " + (target.reachedBy(value) ? "reached" : "MISSED"), value);
  }

  private Table table(String title) {
    List<TensorShape> shapes = results.shapes();
    return Table.of(title, shapes.stream().map(TensorShape::toString).toArray(String[]::new));
  }

  private String[] cells(String label, Function<TensorShape, String> ofShape) {
    return Stream.concat(Stream.of(label), results.shapes().stream().map(ofShape))
        .toArray(String[]::new);
  }

  private static String cell(double measured, String pattern, Object... values) {
    return Double.isNaN(measured) ? "-" : FigureSheet.format(pattern, values);
  }

  private static String limit(OpTarget target) {
    return FigureSheet.format(target.limit() < 1 ? "%.2f" : "%.1f", target.limit());
  }
}
