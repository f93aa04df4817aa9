package io.dropblock.spark.bench.input;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same figures as the table's, for programs. */
public final class InputJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private InputJson() {}

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(InputResults results, Path file) throws IOException {
    Files.writeString(file, MAPPER.writeValueAsString(tree(results)) + "\n");
  }

  static ObjectNode tree(InputResults results) {
    InputPlan plan = results.plan();
    ObjectNode root = MAPPER.createObjectNode();
    root.put("benchmark", "input")
        .put("data", plan.data())
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
          .put("images_per_second", figure.median())
          .put("least", figure.least())
          .put("most", figure.most());
    }
    root.putObject("memory")
        .put("epochs", plan.pace().epochs())
        .put("growth_mib", results.growth());
    root.putArray("targets")
        .addObject()
        .put("target", "feed / decode and augment")
        .put("value", results.share())
        .put("at_least", InputResults.LEAST_SHARE)
        .put("reached", results.reached());
    return root;
  }
}
