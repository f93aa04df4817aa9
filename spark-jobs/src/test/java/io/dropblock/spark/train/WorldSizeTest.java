package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.DropBlock;
import io.dropblock.op.Normalization;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.shard.DatasetManifest;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One, two and four ranks train the same network, DropBlock's masks and all. An epoch is one step
 * of all images, as the images of a shorter step depend on the number of ranks.
 */
class WorldSizeTest {
  private static final int MOST_RANKS = 4;
  private static final int GLOBAL_BATCH = 32;
  private static final int EPOCHS = 5;

  @TempDir private static Path data;
  @TempDir private Path runs;
  private static JavaSparkContext spark;
  private static DatasetManifest manifest;

  @BeforeAll
  static void prepare() throws IOException {
    spark = LocalSpark.start(MOST_RANKS);
    manifest = SmallRun.store(data, GLOBAL_BATCH);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void theNumberOfRanksDoesNotMatter() throws IOException {
    ComputationGraph one = train(1, "linear(0.9, 0.6)");

    assertThat(apart(one, network())).isGreaterThan(.01);
    assertThat(apart(train(2, "linear(0.9, 0.6)"), one)).isLessThan(1e-6);
    assertThat(apart(train(4, "linear(0.9, 0.6)"), one)).isLessThan(1e-6);
    // The masks are not without effect
    assertThat(apart(train(2, "1"), one)).isGreaterThan(1e-3);
  }

  private ComputationGraph train(int world, String keepProbability) throws IOException {
    Path folder = runs.resolve(world + "-" + keepProbability.hashCode());
    return new SmallRun(world, GLOBAL_BATCH / world, EPOCHS, keepProbability, "0.05")
        .train(spark, data, manifest, network(), folder);
  }

  /** Relative to the length of the parameters. */
  private static double apart(ComputationGraph one, ComputationGraph other) {
    INDArray parameters = other.params();
    return one.params().distance2(parameters) / parameters.norm2Number().doubleValue();
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph ->
            graph.addLayer(
                "last",
                new DropBlock.Builder().blockSize(3).normalization(Normalization.SAMPLE).build(),
                "conv"));
  }
}
