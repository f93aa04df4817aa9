package io.dropblock.bench.input;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.figure.FigureFile;
import java.io.IOException;
import java.nio.file.Path;

/** The same figures as the table's, for programs. */
public final class InputJson {
  private InputJson() {}

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(InputResults results, Path file) throws IOException {
    FigureFile.write(tree(results), file);
  }

  static ObjectNode tree(InputResults results) {
    InputPlan plan = results.plan();
    ObjectNode root = FigureFile.of("input");
    root.put("data", plan.data())
        .put("images", results.images())
        .put("size", plan.size())
        .put("batch", plan.batch())
        .put("threads", plan.threads())
        .put("scaled_decoding", plan.scaledDecoding())
        .put("decoder", results.decoder());
    results.machine().addTo(root);
    ArrayNode figures = root.putArray("figures");
    for (InputFigure figure : results.figures()) {
      figures
          .addObject()
          .put("case", figure.what().label())
          .put("images_per_second_and_core", results.aCore(figure))
          .put("images_per_second", figure.imagesPerSecond().median())
          .put("least", figure.imagesPerSecond().least())
          .put("most", figure.imagesPerSecond().most());
    }
    root.putObject("memory")
        .put("epochs", plan.pace().epochs())
        .put("growth_mib", results.growth());
    results.target().addTo(root.putArray("targets").addObject());
    return root;
  }
}
