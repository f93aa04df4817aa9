package io.dropblock.bench.op;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.figure.FigureFile;
import io.dropblock.bench.figure.TensorShape;
import java.io.IOException;
import java.nio.file.Path;

/** The same figures as the table's, for programs. Times are milliseconds. */
public final class OpJson {
  private OpJson() {}

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(OpResults results, Path file) throws IOException {
    FigureFile.write(tree(results), file);
  }

  static ObjectNode tree(OpResults results) {
    ObjectNode root = FigureFile.of("op");
    root.put("block", OpBenchmark.BLOCK);
    root.put("keep_prob", OpBenchmark.KEEP_PROBABILITY);
    results.machine().addTo(root);
    ArrayNode figures = root.putArray("figures");
    results.figures().forEach(figure -> add(figures, figure, results));
    ArrayNode targets = root.putArray("targets");
    for (int threads : results.threads()) {
      for (TensorShape shape : results.shapes()) {
        for (OpTarget target : OpTarget.values()) {
          add(targets, target, target.value(results, shape, threads), shape, threads);
        }
      }
    }
    return root;
  }

  private static void add(ArrayNode figures, OpFigure figure, OpResults results) {
    ObjectNode node =
        figures
            .addObject()
            .put("case", figure.what().label())
            .put("shape", figure.shape().toString())
            .put("threads", figure.threads())
            .put("median_ms", figure.median())
            .put("fastest_ms", figure.fastest())
            .put("slow_tenth_ms", figure.slowTenth())
            .put("calls", figure.calls());
    OpCase what = figure.what();
    put(node, "times_copy", results.timesCopy(what, figure.shape(), figure.threads()));
    put(
        node,
        "times_faster_than_naive",
        results.timesFasterThanNaive(what, figure.shape(), figure.threads()));
  }

  private static void add(
      ArrayNode targets, OpTarget target, double value, TensorShape shape, int threads) {
    ObjectNode node =
        targets
            .addObject()
            .put("ratio", target.label())
            .put(target.atMost() ? "at_most" : "at_least", target.limit())
            .put("shape", shape.toString())
            .put("threads", threads);
    put(node, "value", value);
    if (!Double.isNaN(value)) {
      node.put("reached", target.reachedBy(value));
    }
  }

  /** JSON has no word for what is not a number. */
  private static void put(ObjectNode node, String key, double value) {
    if (Double.isNaN(value)) {
      node.putNull(key);
    } else {
      node.put(key, value);
    }
  }
}
