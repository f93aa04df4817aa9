package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.data.LabelledJobs;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.LoggedSteps;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;

/** What a run tells of its epochs, and what can be read of it. */
class EpochEventTest {
  private static final int WORLD = 2;
  private static final int EPOCHS = 2;
  private static final int STEPS = 6;

  @TempDir private Path folder;
  private List<String> jobs;

  @Test
  void anEpochSaysWhereItsTimeWentOnEachRankAndOnTheDriver() throws IOException {
    List<RunEvent> told = run(Map.of());
    assertThat(told).noneMatch(RunEvent.Note.class::isInstance);
    assertThat(jobs)
        .satisfiesExactly(
            job ->
                assertThat(job)
                    .isEqualTo(
                        "training | train epoch 1 | epoch 1 of 2 · steps 1 to 6 · keep_prob 1.000"),
            job ->
                assertThat(job)
                    .matches(
                        "training . train epoch 2 . epoch 2 of 2 · steps 1 to 6 · keep_prob 1.000 ·"
                            + " loss \\d+\\.\\d{3} in the epoch before"),
            job -> assertThat(job).startsWith("training | evaluate epoch 2 | "));
    assertThat(epochs(told))
        .hasSize(EPOCHS)
        .allSatisfy(
            epoch -> {
              assertThat(epoch.spent()).containsOnlyKeys("steps", "evaluation", "checkpoint");
              assertThat(epoch.spent().values()).allMatch(seconds -> seconds > 0);
              assertThat(epoch.spent().values().stream().mapToDouble(it -> it).sum())
                  .isLessThanOrEqualTo(epoch.seconds());
              assertThat(epoch.ranks()).extracting(RunEvent.RankTimes::rank).containsExactly(0, 1);
              assertThat(epoch.ranks())
                  .allSatisfy(
                      rank -> {
                        assertThat(rank.host()).isEqualTo("localhost");
                        assertThat(rank.executor()).isEqualTo("driver");
                        assertThat(rank.steps()).isEqualTo(STEPS);
                        assertThat(rank.starved()).isBetween(0L, (long) STEPS);
                        assertThat(rank.nativeMemory()).isPositive();
                        assertThat(rank.lostReports()).isZero();
                        assertThat(rank.seconds().keySet())
                            .containsExactly(
                                "data",
                                "forward",
                                "backward",
                                "average",
                                "wait",
                                "update",
                                "checkpoint");
                      });
            });
    assertThat(told.get(1)).isInstanceOf(RunEvent.Environment.class);
    assertThat(((RunEvent.Environment) told.get(1)).facts())
        .containsEntry("spark.master", "local[2]")
        .containsKeys("Spark", "Java", "ND4J", "driver");
    assertThat(told)
        .filteredOn(RunEvent.Checkpoint.class::isInstance)
        .containsExactly(
            new RunEvent.Checkpoint(3, "epoch-0000-step-00000004"),
            new RunEvent.Checkpoint(STEPS - 1, "epoch-0001"),
            new RunEvent.Checkpoint(STEPS + 3, "epoch-0001-step-00000004"),
            new RunEvent.Checkpoint(EPOCHS * STEPS - 1, "epoch-0002"));
    RunFolder run = RunFolder.open(path(), new Configuration());
    assertThat(epochs(LoggedSteps.rising(run, EPOCHS * STEPS - 1))).isEqualTo(epochs(told));
  }

  @Test
  void withoutThePluginItSaysSoAndTellsOfEpochs() throws IOException {
    List<RunEvent> told = run(Map.of("spark.plugins", ""));
    assertThat(told)
        .contains(
            new RunEvent.Note(
                "Only whole epochs are told of, not the steps within: spark.plugins does not name"
                    + " io.dropblock.spark.train.progress.TrainingPlugin"));
    assertThat(told).noneMatch(RunEvent.Steps.class::isInstance);
    assertThat(epochs(told)).hasSize(EPOCHS).allMatch(epoch -> epoch.ranks().size() == WORLD);
    RunFolder run = RunFolder.open(path(), new Configuration());
    assertThat(EventLog.read(run.files(), run.events())).isEqualTo(told);
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(folder.resolve("run").toUri());
  }

  private List<RunEvent> run(Map<String, String> settings) throws IOException {
    List<RunEvent> told = Collections.synchronizedList(new ArrayList<>());
    try (JavaSparkContext spark = LocalSpark.start(WORLD, settings)) {
      new SmallRun(WORLD, 8, EPOCHS, "1.0", "0.1")
          .goOn(
              spark,
              folder,
              SmallRun.store(folder, WORLD * 8 * STEPS),
              network(),
              RunFolder.create(path(), "name: small\n", new Configuration()),
              told::add);
      jobs = LabelledJobs.of(spark);
    }
    return told;
  }

  private static List<RunEvent.Epoch> epochs(List<RunEvent> events) {
    return events.stream()
        .filter(RunEvent.Epoch.class::isInstance)
        .map(RunEvent.Epoch.class::cast)
        .toList();
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph -> graph.addLayer("last", new ActivationLayer(Activation.IDENTITY), "conv"));
  }
}
