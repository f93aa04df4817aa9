package io.dropblock.spark.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.model.Regularization;
import io.dropblock.model.Regularization.Site;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.NetworkState;
import io.dropblock.onednn.OneDnn;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.objective.Classification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropSweepTest {
  private static final List<Double> KEEPS = List.of(.5, 1., .8);
  private static final long SEED = 5;
  private static final DropPlaces PLACES =
      new DropPlaces(new TreeSet<>(List.of(2, 3)), EnumSet.of(Site.BRANCH, Site.SKIP), 2);

  @TempDir private static Path folder;
  private static FewImages few;
  private static ComputationGraph trained;

  @BeforeAll
  static void train() throws IOException {
    OneDnn.enable();
    few = FewImages.in(folder);
    trained = few.trained();
  }

  private static DropSweep sweep(int world, int localBatch) {
    return new DropSweep(
        new Classification(FewImages.CLASSES), few.split(world, localBatch), KEEPS, SEED);
  }

  private static NetworkState dropping(int block) {
    return NetworkState.of(FewImages.with(PLACES.blocks(block), trained));
  }

  /** Also where it was trained with nothing that drops, and where others were measured before. */
  @Test
  void atOneItIsTheEvaluation() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      Evaluation.Result expected =
          new Evaluation(
                  new Classification(FewImages.CLASSES),
                  few.source(),
                  new SerializableConfiguration(new Configuration()),
                  2,
                  16,
                  2)
              .run(spark, NetworkState.of(trained));
      DropSweep.Point found = sweep(2, 16).run(spark, dropping(3)).get(1);
      assertThat(found.keepProbability()).isEqualTo(1);
      assertThat(found.images()).isEqualTo(FewImages.IMAGES);
      assertThat(found.scores()).isEqualTo(expected.scores());
      assertThat(found.kept().realised()).isEmpty();
      assertThat(found.kept().meanRealised()).isEqualTo(1);
    }
  }

  /** An image at a time through the network as it was trained, nothing folded. */
  @Test
  void aPlainLoopOverTheImagesFindsTheSame() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      for (int block : new int[] {1, 3}) {
        List<DropSweep.Point> found = sweep(2, 16).run(spark, dropping(block));
        for (int i = 0; i < KEEPS.size(); i++) {
          TopKAccuracy expected = byHand(block, KEEPS.get(i));
          assertThat(found.get(i).scores().main()).isEqualTo(expected.scores().main());
          double entropy = expected.scores().value("cross entropy").orElseThrow();
          assertThat(found.get(i).scores().value("cross entropy").orElseThrow())
              .isCloseTo(entropy, within(1e-5 * entropy));
        }
        assertThat(found.get(0).scores().value("cross entropy").orElseThrow())
            .as("that anything was dropped")
            .isNotCloseTo(found.get(1).scores().value("cross entropy").orElseThrow(), within(1e-3));
      }
    }
  }

  private static TopKAccuracy byHand(int block, double keep) {
    ComputationGraph network = FewImages.with(PLACES.blocks(block), trained);
    DropBlockSites sites = DropBlockSites.of(network);
    assertThat(sites.size()).isEqualTo(6);
    sites.activeAtInference(true);
    TopKAccuracy accuracy = new TopKAccuracy(1, 5);
    few.forEachBatch(
        1,
        (batch, place) -> {
          sites.set(new DropBlockStep(keep, SEED, 0, place));
          int[] labels = ((ClassTargets) batch.targets()).labels();
          accuracy.add(network.outputSingle(FewImages.pixels(batch)), labels);
        });
    return accuracy;
  }

  /** Masks go by the image, whatever rank and batch it is in. */
  @Test
  void tasksAndBatchesDoNotMatter() {
    try (JavaSparkContext spark = LocalSpark.start(4)) {
      NetworkState network = dropping(3);
      List<DropSweep.Point> expected = sweep(1, 32).run(spark, network);
      for (int[] worldAndBatch : new int[][] {{2, 16}, {4, 7}, {8, 32}}) {
        List<DropSweep.Point> found = sweep(worldAndBatch[0], worldAndBatch[1]).run(spark, network);
        for (int i = 0; i < KEEPS.size(); i++) {
          assertThat(found.get(i).scores().main()).isEqualTo(expected.get(i).scores().main());
          double entropy = expected.get(i).scores().value("cross entropy").orElseThrow();
          assertThat(found.get(i).scores().value("cross entropy").orElseThrow())
              .isCloseTo(entropy, within(1e-6 * entropy));
          expected.get(i).kept().realised().forEach(closeTo(found.get(i).kept().realised()));
        }
      }
    }
  }

  private static BiConsumer<String, Double> closeTo(Map<String, Double> found) {
    return (site, share) -> assertThat(found.get(site)).as(site).isCloseTo(share, within(1e-12));
  }

  /** Of 230 images, 32 channels and 4 x 4 pixels 4 standard errors are 0.006. */
  @Test
  void whatIsKeptIsWhatWasAskedFor() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      DropSweep.Point dropout = sweep(2, 16).run(spark, dropping(1)).get(0);
      assertThat(dropout.kept().realised()).hasSize(6);
      dropout
          .kept()
          .realised()
          .forEach(
              (site, share) ->
                  assertThat(share)
                      .as(site)
                      .isCloseTo(site.startsWith("group2") ? .75 : .5, within(.006)));
      DropSweep.Point blocks = sweep(2, 16).run(spark, dropping(3)).get(0);
      blocks
          .kept()
          .realised()
          .forEach(
              (site, share) ->
                  assertThat(share)
                      .as(site)
                      .isCloseTo(blocks.kept().expected().get(site), within(.01))
                      .isGreaterThan(site.startsWith("group2") ? .75 : .5));
    }
  }

  @Test
  void refusesWhatIsNoProbability() {
    for (double keep : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThatThrownBy(
              () ->
                  new DropSweep(
                      new Classification(FewImages.CLASSES), few.split(1, 1), List.of(keep), SEED))
          .hasMessageStartingWith("Invalid keep probabilities: [" + keep);
    }
  }

  @Test
  void placesSayWhatTheyAre() {
    assertThat(PLACES).hasToString("groups 2, 3, sites branch, skip, divisor 2");
    Regularization blocks = PLACES.blocks(7);
    assertThat(blocks.blockSize()).isEqualTo(7);
    assertThat(blocks.groupDivisor()).isEqualTo(2);
  }
}
