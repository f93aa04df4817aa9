package io.dropblock.bench.averaging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.averaging.fit.FitFigure;
import io.dropblock.bench.figure.FigureFile;
import io.dropblock.bench.figure.Spread;
import java.io.IOException;
import java.nio.file.Path;

/** The same figures as the table's, for programs. */
public final class AveragingJson {
  private AveragingJson() {}

  /** Writes the figures of a run to a file, over what was there. */
  public static void write(AveragingResults results, Path file) throws IOException {
    FigureFile.write(tree(results), file);
  }

  private static ObjectNode tree(AveragingResults results) {
    AveragingPlan plan = results.plan();
    ObjectNode root = FigureFile.of("averaging");
    root.put("parameters", plan.parameters()).put("world", plan.world());
    results.machine().addTo(root);
    ArrayNode rounds = root.putArray("rounds");
    add(rounds, "ring", plan, results.ring());
    add(rounds, "chain", plan, results.chain());
    results
        .encrypted()
        .ifPresent(
            encrypted -> {
              add(rounds, "ring, encrypted", plan, encrypted.ring());
              add(rounds, "chain, encrypted", plan, encrypted.chain());
              ArrayNode ratios = root.putArray("encrypted_over_clear");
              ratio(ratios, "ring", encrypted.ring(), results.ring());
              ratio(ratios, "chain", encrypted.chain(), results.chain());
            });
    add(rounds, "bare transfer", plan, results.bare());
    ArrayNode fits = root.putArray("fits");
    for (FitFigure figure : new FitFigure[] {results.fit(), results.fixed()}) {
      add(fits, "ring", figure, figure.ring());
      add(fits, "stock", figure, figure.stock());
    }
    ArrayNode targets = root.putArray("targets");
    results.targets().forEach(target -> target.addTo(targets.addObject()));
    return root;
  }

  private static void ratio(
      ArrayNode ratios, String what, RoundsFigure encrypted, RoundsFigure clear) {
    ratios
        .addObject()
        .put("case", what)
        .put("time", EncryptedRounds.time(encrypted, clear))
        .put("cpu", EncryptedRounds.cpu(encrypted, clear));
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
