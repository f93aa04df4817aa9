package io.dropblock.spark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.recipe.ModelRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A trained network that leaves.
 *
 * @param trained its checkpoint
 * @param recipe the run's
 * @param parts of the recipe
 * @param network with the weights that were asked for
 */
record ExportedRun(
    TrainedNetwork trained, Recipe recipe, RecipeParts parts, ComputationGraph network) {

  /**
   * Reads it.
   *
   * @throws TrainingException if there is none
   */
  static ExportedRun read(Application application, String typed, Weights weights) {
    TrainedNetwork trained =
        TrainedNetwork.read(
            application.path("RUN", typed),
            weights,
            application.configuration(),
            System.out::println);
    Recipe recipe = Recipe.parse(trained.checkpoint().recipe());
    return new ExportedRun(trained, recipe, new RecipeParts(recipe), trained.network().restore());
  }

  /** Names of its classes by number; empty if an older version trained it, which kept none. */
  Optional<List<String>> classes() {
    return data().map(DataIdentity::classes);
  }

  private Optional<DataIdentity> data() {
    return Optional.ofNullable(trained.checkpoint().manifest().origin())
        .map(Checkpoint.Origin::data);
  }

  /** Whether its first maxima are where torchvision's are. */
  boolean isPaddedAsTorchvision() {
    return recipe.model().maxPoolPadding() == ModelRecipe.MaxPoolPadding.SYMMETRIC;
  }

  /** What whoever uses the network should know: lists as JSON, the recipe as YAML. */
  Map<String, String> metadata() {
    Normalization normalization = parts.normalization();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("producer", Main.VERSION);
    metadata.put("network", parts.title());
    metadata.put("task", parts.task());
    metadata.put("run", trained.toString());
    metadata.put("recipe", trained.checkpoint().recipe());
    metadata.put("input.channels", "RGB");
    metadata.put("input.range", "[0, 255]");
    metadata.put("input.size", Integer.toString(recipe.data().size()));
    metadata.put("input.mean", normalization.mean().toString());
    metadata.put("input.std", normalization.std().toString());
    classes().ifPresent(names -> metadata.put("classes", list(names)));
    data()
        .map(DataIdentity::categoryIds)
        .ifPresent(ids -> metadata.put("category_ids", ids.toString()));
    return metadata;
  }

  private static String list(List<String> texts) {
    try {
      return new ObjectMapper().writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write class names: " + texts, e);
    }
  }
}
