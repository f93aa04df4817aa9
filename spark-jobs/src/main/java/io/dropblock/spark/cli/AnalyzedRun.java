package io.dropblock.spark.cli;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cli.assembly.Classifier;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * A trained network that gives an image one class.
 *
 * @param trained its checkpoint
 * @param name of the run's folder, and of the checkpoint if it is not the best one
 * @param parts of its recipe
 * @param classifier the network, to be taken apart
 */
record AnalyzedRun(TrainedNetwork trained, String name, RecipeParts parts, Classifier classifier) {

  /**
   * Reads it.
   *
   * @throws TrainingException if there is none, or it is for another task
   */
  static AnalyzedRun read(Application application, String typed, Weights weights) {
    Path path = application.path("RUN", typed);
    TrainedNetwork trained =
        TrainedNetwork.read(path, weights, application.configuration(), System.out::println);
    RecipeParts parts = new RecipeParts(Recipe.parse(trained.checkpoint().recipe()));
    Classifier classifier =
        parts
            .classifier()
            .orElseThrow(
                () ->
                    new TrainingException(
                        "Cannot analyze run "
                            + typed
                            + (parts.fates().isEmpty()
                                ? ": its network is for "
                                    + parts.task()
                                    + "; give runs whose network gives an image one class"
                                : ": its network is of family graph, whose groups and last maps"
                                    + " nobody knows; give runs of another model.family")));
    String name = trained.run().getName();
    return new AnalyzedRun(
        trained,
        trained.name().equals("best") ? name : name + "/" + trained.name(),
        parts,
        classifier);
  }

  /** The network, with the weights that are used. */
  NetworkState network() {
    return trained.network();
  }

  /** Names of its classes by number; empty if an older version trained it, which kept none. */
  Optional<List<String>> classes() {
    return origin().map(origin -> origin.data().classes());
  }

  private Optional<Checkpoint.Origin> origin() {
    return Optional.ofNullable(trained.checkpoint().manifest().origin());
  }

  /**
   * Class numbers are compared: equal ones must have equal names.
   *
   * @param of whose classes these are, for people
   * @param advice what to do
   */
  void requireClasses(List<String> others, String of, String advice) {
    if (origin().isEmpty()) {
      System.out.println(
          "Cannot compare class names of run "
              + name
              + ": an older version trained it, which did not keep them. Class numbers are"
              + " compared as they are");
      return;
    }
    origin()
        .get()
        .data()
        .classDifference(others)
        .ifPresent(
            difference -> {
              throw new TrainingException(
                  "Cannot analyze run "
                      + trained.run()
                      + " with "
                      + of
                      + ": it has "
                      + difference
                      + "; "
                      + advice);
            });
  }
}
