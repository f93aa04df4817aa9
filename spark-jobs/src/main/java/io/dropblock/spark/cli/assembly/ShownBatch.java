package io.dropblock.spark.cli.assembly;

import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The first validation images, and what a run's best network says of them, by the moving average of
 * its weights where there is one.
 *
 * @param objective of the network
 * @param source of the images
 * @param batch the images
 * @param outputs of the network
 */
record ShownBatch(Objective<?> objective, FeedSource source, Batch batch, INDArray[] outputs) {

  /**
   * Asks the network.
   *
   * @param data the prepared images
   * @param run that trained on them
   * @param images how many
   */
  static ShownBatch of(
      RecipeParts parts, Path data, RunFolder run, int images, Configuration configuration)
      throws IOException {
    Evaluation evaluation =
        parts.evaluation(data, parts.dataset(data, configuration), configuration, 1);
    FeedSource source = evaluation.source();
    NetworkState best = run.checkpoints().named("best", line -> {}).network().forInference();
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, images);
    try (Feed feed = Feed.open(source, order, FeedSettings.of(1, 1), configuration)) {
      Batch batch = feed.next();
      INDArray pixels =
          FloatArrays.over(
              batch.pixels(), batch.size(), batch.channels(), batch.height(), batch.width());
      return new ShownBatch(
          evaluation.objective(), source, batch, FoldedNetwork.of(best.restore()).output(pixels));
    }
  }
}
