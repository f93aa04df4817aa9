package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.RecordWriter;
import io.dropblock.spark.recipe.yaml.Rules;
import io.dropblock.spark.recipe.yaml.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An experiment: everything that decides a run's result, and nothing about where it runs.
 *
 * <p>In YAML the keys are the names of the record components with underscores: {@code localBatch}
 * is {@code local_batch}. All keys are required unless they are optional or have a default here. A
 * file may start from a bundled recipe with {@code extends: cifar10-resnet20} and give only what
 * differs: blocks of keys are merged, lists and values replaced; so is a block that becomes another
 * kind of its own. What values may be is in the rules of the records' constructors; {@code
 * docs/reference/recipe-keys.md} is made of these and of the records' comments.
 *
 * @param name of the experiment; the name of the file if left out
 * @param seed of everything random in the run
 * @param task what the network learns to tell; {@code kind: classification} if left out
 * @param data the batches
 * @param model the network
 * @param dropblock the regulariser
 * @param train the training
 */
public record Recipe(
    String name,
    long seed,
    @Default("kind: classification") TaskRecipe task,
    DataRecipe data,
    ModelRecipe model,
    DropBlockRecipe dropblock,
    TrainRecipe train) {

  /**
   * @throws RecipeException with everything that is out of range
   */
  public Recipe {
    int groups = model == null ? Integer.MAX_VALUE : model.family().groups();
    Rules rules =
        new Rules("")
            .must(
                "name",
                name,
                "be 1 to 100 letters, digits, '.', '_' or '-', the first a letter or digit",
                n -> n.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"))
            .must("task", task, "be given", t -> true)
            .must("data", data, "be given", d -> true)
            .must("model", model, "be given", m -> true)
            .must("dropblock", dropblock, "be given", d -> true)
            .must("train", train, "be given", t -> true);
    if (dropblock != null) {
      rules.must(
          "dropblock.groups",
          dropblock.groups(),
          "be from 1 to " + groups + " for this model.family",
          all -> all.stream().allMatch(group -> group <= groups));
    }
    if (dropblock != null && model != null && model.family() != null) {
      places(rules, model.family().isBrought(), dropblock);
    }
    if (dropblock != null && model != null) {
      boolean cells = model.family().hasCells();
      rules.must(
          "dropblock.kind",
          dropblock.kind(),
          "not be drop-path-by-cell for this model.family, which has no cells",
          kind -> cells || kind != DropBlockRecipe.Kind.DROP_PATH_BY_CELL);
    }
    if (dropblock != null && train != null && train.epochs() > 0) {
      rules.passes(
          "dropblock.keep_probability", () -> dropblock.keepProbability().over(train.epochs()));
    }
    if (data != null && train != null && data.mixes()) {
      rules.must(
          "train.local_batch",
          train.localBatch(),
          "be at least 2 where data.mixup or data.cutmix mixes images of a micro-batch",
          images -> images >= 2);
    }
    if (task != null) {
      new TaskRules(rules, task).check(data, model, dropblock);
    }
    rules.check();
  }

  /** Places are groups and sites, or the names of layers. */
  private static void places(Rules rules, boolean named, DropBlockRecipe dropblock) {
    if (!named) {
      rules.must(
          "dropblock.after",
          dropblock.after(),
          "be left out for this model.family",
          Optional::isEmpty);
      return;
    }
    String forGraph = " for this model.family, whose places dropblock.after names";
    rules
        .must(
            "dropblock.after",
            dropblock.after(),
            "be given for this model.family",
            Optional::isPresent)
        .must("dropblock.groups", dropblock.groups(), "be []" + forGraph, Set::isEmpty)
        .must("dropblock.sites", dropblock.sites(), "be []" + forGraph, Set::isEmpty)
        .must("dropblock.group_divisor", dropblock.groupDivisor(), "be 1" + forGraph, d -> d == 1);
  }

  /**
   * Reads a recipe, strictly.
   *
   * @param nameOrPath a bundled name, or a local file that ends in .yaml or .yml; at most 1 MB
   * @param overrides {@code train.epochs=3}, the value in YAML; later ones win
   * @throws RecipeException with all problems of the file and the overrides at once
   */
  public static Recipe load(String nameOrPath, List<String> overrides) {
    return new RecipeLoader(BundledRecipes.NAMES, BundledRecipes::text).load(nameOrPath, overrides);
  }

  /**
   * Reads an effective recipe, as {@link #toYaml} wrote it.
   *
   * @throws RecipeException with all problems at once
   */
  public static Recipe parse(String yaml) {
    return RecipeLoader.parse(yaml);
  }

  /** The keys that differ from another recipe, which came before, in alphabetical order. */
  public List<RecipeChange> changesSince(Recipe before) {
    return RecipeChange.between(before, this);
  }

  /** The bundled recipes, in alphabetical order. */
  public static List<String> names() {
    return BundledRecipes.NAMES;
  }

  /** The effective recipe as YAML, with every key; {@link #load} reads it back as an equal one. */
  public String toYaml() {
    return Yaml.write(RecordWriter.tree(this));
  }
}
