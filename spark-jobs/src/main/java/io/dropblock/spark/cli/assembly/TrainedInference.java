package io.dropblock.spark.cli.assembly;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.predict.Inference;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A trained network and how it is asked about images, for those who are no command.
 *
 * @param checkpoint what it was trained by; of its arrays only the parameters that are used
 * @param inference how it is asked; tells all classes of an image that is given one
 * @param classes names by number, where an image is given one class; else empty
 * @param batch images that went through it together in training
 */
public record TrainedInference(
    Checkpoint checkpoint, Inference inference, Optional<List<String>> classes, int batch) {

  /**
   * Reads it from a run.
   *
   * @param name of the checkpoint: {@code best}, {@code latest} or that of its folder
   * @param raw whether its weights are taken where there is a moving average of them
   * @param told of each damaged checkpoint that is passed over, a line
   * @throws TrainingException if there is none, or it cannot be used
   */
  public static TrainedInference ofRun(
      Path run, String name, boolean raw, Configuration configuration, Consumer<String> told) {
    Checkpoint trained = RunFolder.open(run, configuration).checkpoints().named(name, told);
    NetworkState network = trained.network();
    return of(trained, raw ? network.raw() : network.forInference(), "run " + run);
  }

  /**
   * Of a checkpoint that holds nothing but the weights to be used.
   *
   * @param of where it lies, for people
   * @throws TrainingException if it cannot be used
   */
  public static TrainedInference of(Checkpoint checkpoint, String of) {
    return of(checkpoint, checkpoint.network(), of);
  }

  private static TrainedInference of(Checkpoint trained, NetworkState network, String of) {
    Checkpoint.Origin origin = trained.manifest().origin();
    if (origin == null) {
      throw new TrainingException(
          "Cannot predict with "
              + of
              + ": an older version wrote its checkpoint, which did not keep the names of the"
              + " classes");
    }
    DataIdentity data = origin.data();
    Recipe recipe = Recipe.parse(trained.recipe());
    RecipeParts parts = new RecipeParts(recipe);
    Checkpoint used =
        new Checkpoint(
            trained.manifest(),
            trained.recipe(),
            new NetworkState(
                network.configuration(), Map.of(NetworkState.PARAMETERS, network.parameters())));
    return new TrainedInference(
        used,
        parts.inference(
            data.classes(),
            data.categoryIds() == null ? List.of() : data.categoryIds(),
            data.classes().size()),
        parts.classifier().map(one -> data.classes()),
        recipe.train().localBatch());
  }
}
