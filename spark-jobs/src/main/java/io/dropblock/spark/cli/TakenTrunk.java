package io.dropblock.spark.cli;

import io.dropblock.model.TrunkTransfer;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.ModelRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Spelling;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.Beginning;
import io.dropblock.spark.train.KeepCheckpoints;
import io.dropblock.spark.train.Trainer;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.RankFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A recipe's network with the trunk of a trained one. Needs no cluster.
 *
 * @param network fresh but for the trunk
 * @param notes what was taken and left, and which damaged checkpoints were passed over, a line each
 */
record TakenTrunk(ComputationGraph network, List<String> notes) {
  private static final int NAMED = 4;

  /**
   * Makes the recipe's network and reads a checkpoint's trunk into it.
   *
   * @param trained a run or one of its checkpoints, or a file of safetensors, of which the head is
   *     taken, too, where it fits
   * @param weights which of its weights are taken
   * @throws TrainingException if there is none, or its trunk is not the recipe's
   */
  static TakenTrunk of(Path trained, Weights weights, Recipe recipe, Configuration configuration) {
    if (TakenFile.isNamed(trained)) {
      return TakenFile.of(trained, recipe, configuration);
    }
    List<String> notes = new ArrayList<>();
    TrainedNetwork source = TrainedNetwork.read(trained, weights, configuration, notes::add);
    requireModel(source, recipe.model());
    RecipeParts parts = new RecipeParts(recipe);
    ComputationGraph network = parts.network();
    NetworkState taken = source.network();
    TrunkTransfer transfer;
    try {
      transfer = parts.trunk().copy(taken.restore(), network);
    } catch (IllegalArgumentException e) {
      throw new TrainingException(
          refusal(source) + "it cannot be read as this program's: " + e.getMessage(), e);
    }
    List<String> misfits = transfer.misfits();
    if (!misfits.isEmpty()) {
      int more = misfits.size() - 1;
      throw new TrainingException(
          refusal(source)
              + "it does not fit the recipe's: "
              + misfits.get(0)
              + (more == 0 ? "" : ", and " + Count.of(more, "array") + " more do not"));
    }
    notes.add(told(transfer, source));
    return new TakenTrunk(network, List.copyOf(notes));
  }

  private static void requireModel(TrainedNetwork source, ModelRecipe now) {
    ModelRecipe before;
    try {
      before = Recipe.parse(source.checkpoint().recipe()).model();
    } catch (RecipeException e) {
      throw new TrainingException(
          refusal(source)
              + "its recipe is damaged ("
              + e.getMessage().lines().map(String::strip).collect(Collectors.joining(" "))
              + ")",
          e);
    }
    if (now.maxPoolPadding() != before.maxPoolPadding()) {
      throw new TrainingException(
          refusal(source)
              + "its model.max_pool_padding is "
              + Spelling.word(before.maxPoolPadding())
              + ", the recipe's is "
              + Spelling.word(now.maxPoolPadding())
              + "; set it as there, or give another --init");
    }
    if (!now.hasTrunkOf(before)) {
      throw new TrainingException(
          refusal(source)
              + (now.network().isPresent() && before.network().isPresent()
                  ? "the network of its model.file is another one than the recipe's, not only in its"
                      + " last layer; give another --init"
                  : models(before, now)));
    }
  }

  private static String models(ModelRecipe before, ModelRecipe now) {
    return "its model is "
        + text(before)
        + ", the recipe's is "
        + text(now)
        + "; set model.family, "
        + (now.cells().isPresent()
            ? "model.cells, model.width, model.stem, model.stem_filters and model.genotype"
            : now.network().isPresent() ? "and model.file" : "model.depth and model.width")
        + " as there, or give another --init";
  }

  private static String refusal(TrainedNetwork source) {
    return "Cannot take the trunk of " + source + ": ";
  }

  private static String text(ModelRecipe model) {
    if (model.network().isPresent()) {
      return "graph " + Spelling.line(model.file().orElse(""));
    }
    return String.format(
        Locale.ROOT,
        "%s %d (width %d%s)",
        model.family().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        model.depth().or(model::cells).orElseThrow(),
        model.width().orElseThrow(),
        model.stem().map(stem -> ", stem " + Spelling.word(stem)).orElse("")
            + model.stemFilters().map(filters -> " of " + filters).orElse("")
            + model.genotype().map(genotype -> ", genotype of its own").orElse(""));
  }

  private static String told(TrunkTransfer transfer, TrainedNetwork source) {
    return String.format(
        Locale.ROOT,
        "Took the trunk of %s: %s with %s, moving statistics included; left of it: %s; begin"
            + " fresh: %s",
        source,
        Count.of(transfer.taken().size(), "array"),
        Count.of(transfer.numbers(), "number"),
        names(transfer.left()),
        names(transfer.fresh()));
  }

  private static String names(List<String> arrays) {
    String some = arrays.stream().limit(NAMED).collect(Collectors.joining(", "));
    return arrays.size() <= NAMED
        ? some
        : Count.of(arrays.size(), "array") + " (" + some + ", ...)";
  }

  /**
   * The run before its first step: a run that is cut off before it has another one goes on from
   * here. It and those that follow tell where the trunk came from.
   */
  Checkpoint checkpoint(Trainer.Settings settings, RankFeed feed) {
    return KeepCheckpoints.first(
        network,
        settings.recipe(),
        settings.plan(),
        feed.globalBatch(),
        Beginning.origin(feed, notes));
  }
}
