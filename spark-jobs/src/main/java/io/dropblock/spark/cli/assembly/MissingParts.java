package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.recipe.OptimizerRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import io.dropblock.spark.recipe.WeightDecayRecipe;
import io.dropblock.spark.recipe.WeightDecayRecipe.Parameters;
import io.dropblock.spark.recipe.yaml.Problem;
import io.dropblock.spark.recipe.yaml.RecipeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a recipe can ask for and no part of this version does. */
final class MissingParts {
  private final List<Problem> problems = new ArrayList<>();

  private MissingParts() {}

  /**
   * @throws RecipeException with all that the recipe asks for in vain
   */
  static void refuse(Recipe recipe) {
    MissingParts missing = new MissingParts();
    missing.add(recipe);
    if (!missing.problems.isEmpty()) {
      throw new RecipeException("Cannot use recipe " + recipe.name(), missing.problems);
    }
  }

  private void add(Recipe recipe) {
    if (recipe.task() instanceof TaskRecipe.Classification task) {
      double smoothing = task.labelSmoothing();
      need(smoothing == 0, "task.label_smoothing", "0", smoothing);
    } else {
      need(false, "task.kind", "classification", "segmentation");
    }
    double decay = recipe.model().normDecay();
    need(decay == .9, "model.norm_decay", "0.9", decay);
    double epsilon = recipe.model().normEpsilon();
    need(epsilon == 1e-5, "model.norm_epsilon", "1e-5", epsilon);
    if (recipe.train().optimizer() instanceof OptimizerRecipe.Momentum momentum) {
      need(momentum.nesterov(), "train.optimizer.nesterov", "true", false);
    }
    WeightDecayRecipe weights = recipe.train().weightDecay();
    boolean decays =
        weights.rate() == 0 || weights.of().equals(Set.of(Parameters.KERNELS, Parameters.BIASES));
    need(decays, "train.weight_decay.of", "[kernels, biases]", weights.of());
  }

  private void need(boolean met, String key, String only, Object value) {
    if (!met) {
      problems.add(Problem.must(key, "be " + only + " in this version", value));
    }
  }
}
