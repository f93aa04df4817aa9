package io.dropblock.spark.ml;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.average.MovingAverage;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A run folder as {@code train} leaves it, with weights by chance in place of trained ones, and
 * others as their moving average.
 */
final class RandomRun {
  private static final Configuration HADOOP = new Configuration();

  private RandomRun() {}

  /** Writes one whose only checkpoint is after its first epoch. */
  static void write(Path folder, DataIdentity data, String recipe, String... settings) {
    Recipe read = Recipe.load(recipe, List.of(settings));
    Scores scores = Scores.of(new Scores.Score("score", .5));
    Checkpoint.Manifest manifest =
        new Checkpoint.Manifest(
            Checkpoint.Manifest.VERSION,
            1,
            10,
            10,
            16,
            42,
            scores,
            Best.of(null, scores, 0),
            List.of(),
            List.of("java 17"),
            new Checkpoint.Origin(1, 1, data, List.of()));
    RunFolder.create(
        new org.apache.hadoop.fs.Path(folder.toString()),
        read.toYaml(),
        Optional.of(new Checkpoint(manifest, read.toYaml(), network(read))),
        HADOOP);
  }

  /** With other moving statistics than those that training begins with. */
  static NetworkState network(Recipe recipe) {
    ComputationGraph network = new RecipeParts(recipe).network();
    if (OnePassUpdater.isFor(network)) {
      OnePassUpdater.attach(network);
    }
    Nd4j.getRandom().setSeed(7);
    shake(network.params());
    MovingAverage average = MovingAverage.of(network);
    average.values().assign(network.params());
    shake(average.values());
    return NetworkState.of(network);
  }

  private static void shake(INDArray values) {
    values.addi(Nd4j.rand(DataType.FLOAT, values.shape()).subi(.5).muli(.3));
  }

  static DataIdentity data(List<String> classes) {
    return new DataIdentity(classes, 10, 10, 2, "0123", null);
  }
}
