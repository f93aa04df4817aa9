package io.dropblock.bench.step;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.figure.FigureFile;
import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.nn.phase.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The same figures as the table's, for programs. */
public final class StepJson {
  private StepJson() {}

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(StepResults results, Path file) throws IOException {
    FigureFile.write(tree(results), file);
  }

  private static ObjectNode tree(StepResults results) {
    StepPlan plan = results.plan();
    ObjectNode root = FigureFile.of("step");
    root.put("model", plan.model().name())
        .put("batch", plan.batch())
        .put("size", plan.size())
        .put("threads", plan.threads())
        .put("drop_block", plan.dropBlock());
    results.machine().addTo(root);
    ArrayNode figures = root.putArray("figures");
    results.figures().forEach(figure -> add(figures, figure));
    ArrayNode ratios = root.putArray("ratios");
    for (StepKind kind : StepKind.values()) {
      results
          .timesStock(kind)
          .ifPresent(value -> addRatio(ratios, "ours / stock", kind).put("value", value));
      results
          .ranksOverOne(kind)
          .ifPresent(
              value -> {
                ObjectNode node = addRatio(ratios, "ranks / 1", kind).put("value", value);
                if (kind == StepKind.TRAINING) {
                  node.put("at_least", StepResults.RANKS_TARGET);
                  node.put("reached", value >= StepResults.RANKS_TARGET);
                }
              });
    }
    return root;
  }

  private static ObjectNode addRatio(ArrayNode ratios, String name, StepKind kind) {
    return ratios.addObject().put("ratio", name).put("kind", kind.label());
  }

  private static void add(ArrayNode figures, StepFigure figure) {
    StepSetup setup = figure.setup();
    ObjectNode node =
        figures
            .addObject()
            .put("case", setup.what().name().toLowerCase(Locale.ROOT))
            .put("kind", figure.kind().label())
            .put("ranks", setup.ranks())
            .put("threads_of_a_rank", setup.threads())
            .put("images_per_second", figure.imagesPerSecond())
            .put("least_images_per_second", figure.least())
            .put("most_images_per_second", figure.most())
            .put("repetitions", figure.repetitions())
            .put("steps_of_a_rank", figure.steps())
            .put("step_ms", figure.milliseconds());
    ObjectNode phases = node.putObject("phases_ms");
    for (Phase phase : figure.kind().phases()) {
      phases.put(phase.label(), figure.milliseconds(phase));
    }
    if (figure.kind() == StepKind.TRAINING) {
      node.put("first_loss", figure.firstLoss()).put("last_loss", figure.lastLoss());
    }
    node.put("peak_mib", figure.peak()).put("growth_mib", figure.growth());
  }
}
