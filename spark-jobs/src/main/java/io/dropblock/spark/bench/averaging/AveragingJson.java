package io.dropblock.spark.bench.averaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same figures as the table's, for programs. */
public final class AveragingJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private AveragingJson() {}

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(AveragingResults results, Path file) throws IOException {
    Files.writeString(file, MAPPER.writeValueAsString(tree(results)) + "\n");
  }

  private static ObjectNode tree(AveragingResults results) {
    AveragingPlan plan = results.plan();
    ObjectNode root = MAPPER.createObjectNode();
    root.put("benchmark", "averaging")
        .put("parameters", plan.parameters())
        .put("world", plan.world());
    results.machine().addTo(root);
    ArrayNode rounds = root.putArray("rounds");
    add(rounds, "ring", plan, results.ring());
    add(rounds, "bare transfer", plan, results.bare());
    ArrayNode fits = root.putArray("fits");
    for (FitFigure figure : new FitFigure[] {results.fit(), results.fixed()}) {
      add(fits, "ring", figure, figure.ring());
      add(fits, "stock", figure, figure.stock());
    }
    ArrayNode targets = root.putArray("targets");
    for (AveragingTarget target : results.targets()) {
      targets
          .addObject()
          .put("target", target.what())
          .put("value", target.value())
          .put(target.upper() ? "at_most" : "at_least", target.limit())
          .put("reached", target.reached());
    }
    return root;
  }

  private static void add(ArrayNode rounds, String what, AveragingPlan plan, RoundsFigure figure) {
    spread(rounds.addObject().put("case", what), figure.milliseconds())
        .put("rounds", plan.pace().rounds())
        .put("cpu_ms", figure.cpuMilliseconds())
        .put("bytes_sent", figure.bytesSent())
        .put("memory_from_round", plan.rounds(0).roundsUntilSettled())
        .put("resident_growth_mib", figure.residentGrowth())
        .put("heap_growth_mib", figure.heapGrowth());
  }

  private static void add(ArrayNode fits, String master, FitFigure figure, Spread round) {
    spread(fits.addObject().put("master", master).put("parameters", figure.parameters()), round)
        .put("step_ms", figure.stepMilliseconds())
        .put("cost_ms", figure.costOf(round));
  }

  private static ObjectNode spread(ObjectNode node, Spread milliseconds) {
    return node.put("median_ms", milliseconds.median())
        .put("least_ms", milliseconds.least())
        .put("most_ms", milliseconds.most());
  }
}
