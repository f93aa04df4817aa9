package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.preflight.MemorySettings;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.ring.SumOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/** What people should know of the memory that a training will take. */
final class MemoryNotes {
  private MemoryNotes() {}

  /**
   * Lines, maybe none. What {@code check} calls a fault is an estimate, and ends no training.
   *
   * @param world number of ranks
   * @param order in which they sum
   */
  static List<String> of(
      Recipe recipe, RecipeParts parts, int world, SumOrder order, SparkConf conf) {
    List<String> notes = new ArrayList<>();
    Finding memory = new MemorySettings(conf, RecipeNeed.of(recipe, parts, world, order)).finding();
    if (memory.verdict() == Verdict.FAULT || memory.verdict() == Verdict.WARNING) {
      notes.add("There may be too little memory: " + memory.seen() + "; " + memory.next());
    }
    KeptGradients.note(recipe.train(), world, parts.summary().trainableParameters(), order)
        .ifPresent(notes::add);
    return notes;
  }
}
