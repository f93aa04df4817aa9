package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.data.LabelledJobs;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.event.LoggedSteps;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with a task slot for evaluation, compared with the same run without. */
class EvaluationBesideTest {
  private static final int WORLD = 2;
  private static final int STEPS = 10;
  private static final int EPOCHS = 3;

  /** Of each evaluation: one for the images of each rank. */
  private static final int PASSES = WORLD;

  @TempDir private static Path data;
  @TempDir private static Path undisturbed;
  private static DatasetManifest manifest;
  private static ToldTraining before;

  @TempDir private Path folder;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger passes = new AtomicInteger();
  private volatile boolean gaveUp;

  @BeforeAll
  static void trainWithout() throws IOException {
    manifest = SmallRun.store(data, WORLD * 4 * STEPS);
    before = train(undisturbed.resolve("run"), 0, event -> {});
  }

  @BeforeEach
  void count() {
    ProbedActivation.probe((training, output) -> passes.incrementAndGet());
  }

  @AfterEach
  void letGo() {
    gate.countDown();
    ProbedActivation.probeNever();
  }

  @Test
  void scoresBestAndCheckpointsAreThoseOfARunWithout() throws IOException {
    ToldTraining told = train(run(), 1, event -> {});
    assertSame(told);
    assertThat(told.epochs())
        .filteredOn(epoch -> epoch.epoch() + 1 < EPOCHS)
        .allSatisfy(
            epoch -> {
              assertThat(epoch.beside()).containsOnlyKeys("evaluation", "checkpoint");
              assertThat(epoch.spent().keySet()).isSubsetOf("steps", "wait");
            });
    RunEvent.Epoch last = told.epochs().get(EPOCHS - 1);
    assertThat(last.beside()).as("nothing goes on meanwhile").isEmpty();
    assertThat(last.spent()).containsOnlyKeys("steps", "wait", "evaluation", "checkpoint");
    assertThat(last.spent().values().stream().mapToDouble(it -> it).sum())
        .isLessThanOrEqualTo(last.seconds());
    assertThat(told.jobs())
        .filteredOn(job -> job.contains("| train epoch"))
        .extracting(job -> job.replaceFirst(" · loss .*", ""))
        .containsExactly(job(1), job(2), job(3));
    assertThat(told.jobs())
        .filteredOn(job -> job.contains("| evaluate epoch"))
        .containsExactly(
            "training | evaluate epoch 1 | epoch 1 of 3 · evaluation",
            "training | evaluate epoch 2 | epoch 2 of 3 · evaluation",
            "training | evaluate epoch 3 | epoch 3 of 3 · evaluation");
    assertThat(told.tasks()).as("the last on the slots of the ranks").containsExactly(1, 1, WORLD);
  }

  private static String job(int epoch) {
    return String.format(
        Locale.ROOT,
        "training | train epoch %d | epoch %d of 3 · steps 1 to 10 · keep_prob 1.000",
        epoch,
        epoch);
  }

  /** The evaluation of the first epoch stands still until the last step of the second is told. */
  @Test
  void anEvaluationThatTakesLongerThanAnEpochIsWaitedFor() throws IOException {
    ProbedActivation.probe(
        (training, output) -> {
          if (!training && passes.getAndIncrement() == 0) {
            await();
          }
        });
    Predicate<RunEvent> until =
        event -> event instanceof RunEvent.Steps steps && steps.step() == 2 * STEPS - 1;
    ToldTraining told =
        train(
            run(),
            1,
            event -> {
              if (until.test(event)) {
                gate.countDown();
              }
            });
    assertThat(gaveUp).as("the evaluation waited in vain").isFalse();
    assertSame(told);
    assertThat(told.first(until)).isLessThan(told.first(RunEvent.Epoch.class::isInstance));
    assertThat(told.epochs().get(1).spent()).containsKey("wait");
    assertThat(told.manifests().keySet())
        .as("of an epoch that begins with one that is not there")
        .noneMatch(name -> name.startsWith("epoch-0001-step"));
  }

  /** The second epoch stands still until the checkpoint of the first is written. */
  @Test
  void checkpointsWithinTheNextEpochHaveTheBestOfTheOneBefore() throws IOException {
    ProbedActivation.probe(
        (training, output) -> {
          if (training && passes.incrementAndGet() > WORLD * STEPS) {
            await();
          }
        });
    ToldTraining told =
        train(
            run(),
            1,
            event -> {
              if (event instanceof RunEvent.Checkpoint written
                  && written.name().equals("epoch-0001")) {
                gate.countDown();
              }
            });
    assertThat(gaveUp).as("the training waited in vain").isFalse();
    assertSame(told);
    assertThat(told.manifests()).containsKey("epoch-0001-step-00000004");
    assertThat(told.manifests().get("epoch-0001-step-00000004").best()).isNotNull();
  }

  /**
   * It fails while the evaluation of the epoch before stands still, until a while after that: a run
   * that did not wait would have told of the failure by then.
   */
  @Test
  void aFailureOfTheNextEpochWaitsForTheCheckpoint() throws IOException {
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch goesOn = new CountDownLatch(1);
    ProbedActivation.probe(
        (training, output) -> {
          if (!training && passes.getAndIncrement() == 0) {
            await();
            await(goesOn, 2);
          }
          if (training && steps.incrementAndGet() == WORLD * (STEPS + 6)) {
            gate.countDown();
            failAsAHost();
          }
        });
    ToldTraining told =
        train(
            run(),
            1,
            event -> {
              if (event instanceof RunEvent.Failed) {
                goesOn.countDown();
              }
            });
    assertThat(gaveUp).as("the evaluation waited in vain").isFalse();
    assertThat(told.events())
        .filteredOn(RunEvent.Failed.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            RunEvent.Failed.class,
            failed -> {
              assertThat(failed.step()).isEqualTo(STEPS);
              assertThat(failed.reason())
                  .matches("rank [01] on .*: UncheckedIOException: told to fail");
            });
    assertThat(told.first(RunEvent.Epoch.class::isInstance))
        .isLessThan(told.first(RunEvent.Failed.class::isInstance));
    assertSame(told);
  }

  /** The run goes on from the checkpoint before, as the epoch was not measured. */
  @Test
  void anEvaluationThatFailsIsDoneAgainFromTheNewestCheckpoint() throws IOException {
    ProbedActivation.probe(
        (training, output) -> {
          if (!training && passes.getAndIncrement() == PASSES) {
            failAsAHost();
          }
        });
    ToldTraining told = train(run(), 1, event -> {});
    assertThat(told.events())
        .filteredOn(RunEvent.Failed.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            RunEvent.Failed.class,
            failed -> {
              assertThat(failed.step()).isBetween((long) STEPS, 2L * STEPS - 1);
              assertThat(failed.reason()).endsWith("UncheckedIOException: told to fail");
            });
    assertSame(told);
  }

  @Test
  void anEvaluationThatWouldFailAgainEndsTheRunWhichCanBeResumed() throws IOException {
    ProbedActivation.probe(
        (training, output) -> {
          if (!training && passes.getAndIncrement() >= PASSES) {
            throw new IllegalStateException("Cannot evaluate: told to fail");
          }
        });
    assertThatThrownBy(() -> train(run(), 1, event -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "Cannot go on with run .*: rank 0 on .*: Cannot evaluate: told to fail; it would fail"
                + " again, so mend it and use --resume");
    ProbedActivation.probeNever();
    RunFolder resumed = RunFolder.open(path(run()), new Configuration());
    assertSame(train(resumed, 1, event -> {}));
  }

  @Test
  void anOutputThatIsNotFiniteEndsTheRunAtItsStep() {
    ProbedActivation.probe(
        (training, output) -> {
          if (!training && passes.getAndIncrement() >= PASSES) {
            output.assign(Double.NaN);
          }
        });
    assertThatThrownBy(() -> train(run(), 1, event -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "Cannot go on with run .*: the output for the validation images is not finite after"
                + " step 20; its checkpoints are finite, the last is epoch-0001.*: lower"
                + " train.learning_rate and use --resume; .*");
    assertThat(run().resolve("checkpoints/epoch-0002")).doesNotExist();
  }

  /** With the numbers of a run without, and in its order. */
  private void assertSame(ToldTraining told) throws IOException {
    RunFolder run = RunFolder.open(path(run()), new Configuration());
    List<RunEvent.Epoch> logged = ToldTraining.epochs(LoggedSteps.rising(run, STEPS * EPOCHS - 1));
    assertThat(logged).map(RunEvent.Epoch::epoch).containsExactly(0, 1, 2);
    assertThat(logged)
        .map(RunEvent.Epoch::scores)
        .containsExactlyElementsOf(before.epochs().stream().map(RunEvent.Epoch::scores).toList());
    assertThat(logged)
        .map(RunEvent.Epoch::best)
        .containsExactlyElementsOf(before.epochs().stream().map(RunEvent.Epoch::best).toList());
    told.manifests()
        .forEach(
            (name, found) ->
                assertThat(found)
                    .as(name)
                    .usingRecursiveComparison()
                    .isEqualTo(before.manifests().get(name)));
    for (String file : List.of("parameters.bin", "velocity.bin")) {
      assertThat(run().resolve("checkpoints/epoch-0003").resolve(file))
          .hasSameBinaryContentAs(undisturbed.resolve("run/checkpoints/epoch-0003").resolve(file));
    }
  }

  private static void failAsAHost() {
    try {
      Files.readString(Path.of("/nowhere"));
    } catch (IOException e) {
      throw new UncheckedIOException("told to fail", e);
    }
  }

  private void await() {
    gaveUp = !await(gate, 30) || gaveUp;
  }

  private static boolean await(CountDownLatch latch, int seconds) {
    try {
      return latch.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path run() {
    return folder.resolve("run");
  }

  private static org.apache.hadoop.fs.Path path(Path run) {
    return new org.apache.hadoop.fs.Path(run.toUri());
  }

  private static ToldTraining train(Path folder, int slots, Consumer<RunEvent> watcher)
      throws IOException {
    return train(
        RunFolder.create(path(folder), "name: small\n", new Configuration()), slots, watcher);
  }

  private static ToldTraining train(RunFolder run, int slots, Consumer<RunEvent> watcher)
      throws IOException {
    ToldTraining told = new ToldTraining();
    Map<String, String> settings =
        Map.of(
            TrainingPlugin.INTERVAL,
            "20ms",
            "spark.stage.maxConsecutiveAttempts",
            "1",
            OwnSetting.EVALUATION_SLOTS.key(),
            String.valueOf(slots));
    try (JavaSparkContext spark = LocalSpark.start(WORLD + slots, settings)) {
      new SmallRun(WORLD, 4, EPOCHS, "1.0", "0.1")
          .goOn(
              spark,
              data,
              manifest,
              network(),
              run,
              1,
              event -> {
                told.events().add(event);
                if (event instanceof RunEvent.Checkpoint written) {
                  told.manifests().put(written.name(), manifest(run, written.name()));
                }
                watcher.accept(event);
              });
      told.jobs().addAll(LabelledJobs.of(spark));
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        told.tasks().addAll(LabelledJobs.tasks(spark, "evaluate epoch " + epoch));
      }
    }
    return told;
  }

  private static Checkpoint.Manifest manifest(RunFolder run, String name) {
    try {
      CheckpointName found =
          run.checkpoints().newestFirst().stream()
              .filter(there -> there.toString().equals(name))
              .findFirst()
              .orElseThrow();
      return run.checkpoints().whole(found).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph -> graph.addLayer("last", new ActivationLayer(new ProbedActivation()), "conv"));
  }
}
