package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.DropBlock;
import io.dropblock.nn.NetworkState;
import io.dropblock.op.Normalization;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.StepHook;
import io.dropblock.spark.train.step.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One to four ranks share the four slots of a step and end with the same bits: batch normalisation,
 * DropBlock's masks and their scale over a slot, clipping, moving average and all.
 */
class WorldSizeTest {
  private static final Slots SLOTS = Slots.of(4, 4);
  private static final int EPOCHS = 3;
  private static final int STEPS = 6;
  private static final String KEEP = "linear(0.9, 0.6)";

  @TempDir private static Path data;
  @TempDir private Path runs;
  private static JavaSparkContext spark;
  private static DatasetManifest manifest;

  @BeforeAll
  static void prepare() throws IOException {
    spark = LocalSpark.start(SLOTS.count());
    // three more than six steps take
    manifest = SmallRun.store(data, STEPS * SLOTS.globalBatch() + 3);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /** The world 3 does not divide the slots: one rank trains two of them. */
  @Test
  void theNumberOfRanksDoesNotMatter() throws IOException {
    Trained one = train(1, KEEP);
    assertThat(one.epochs()).hasSize(EPOCHS);
    assertThat(apart(one.network(), network())).isGreaterThan(.01);
    for (int world = 2; world <= SLOTS.count(); world++) {
      Trained more = train(world, KEEP);
      assertSame(more.network(), one.network());
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        RunEvent.Epoch expected = one.epochs().get(epoch);
        RunEvent.Epoch found = more.epochs().get(epoch);
        assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-6));
        // of the same masks: another element would be some 1e-5
        assertThat(found.keptFraction()).isCloseTo(expected.keptFraction(), within(1e-12));
        assertThat(found.keptFraction()).isBetween(.5, .99);
      }
    }
    // The masks are not without effect
    assertThat(apart(train(2, "1").network(), one.network())).isGreaterThan(1e-3);
  }

  /** Within an epoch, behind the fourth of its six steps, twice. */
  @Test
  void otherRanksGoOnWithTheSameImages() throws IOException {
    ComputationGraph expected = train(1, KEEP).network();
    assertSame(goOn(List.of(1, 1, 1)), expected);
    assertSame(goOn(List.of(2, 3, 4)), expected);
    assertSame(goOn(List.of(4, 1, 2)), expected);
  }

  /**
   * Trains a run that is cut off in each epoch but the last, and gone on with.
   *
   * @param worlds ranks that begin, ranks that go on, and so on
   */
  private ComputationGraph goOn(List<Integer> worlds) throws IOException {
    RunFolder folder = folder("cut-" + worlds);
    List<RunEvent> told = new ArrayList<>();
    for (int part = 0; part < worlds.size(); part++) {
      SmallRun run = run(worlds.get(part), KEEP);
      if (part == worlds.size() - 1) {
        run.goOn(spark, data, manifest, network(), folder, told::add);
      } else {
        EpochHook cut = new CutOff((long) part * STEPS + 5);
        assertThatThrownBy(() -> run.goOn(spark, data, manifest, network(), folder, told::add, cut))
            .hasMessageContaining("cut off");
        assertThat(folder.checkpoints().latest(line -> {}).orElseThrow().manifest().step())
            .isEqualTo((long) part * STEPS + 4);
      }
      if (part > 0 && !worlds.get(part).equals(worlds.get(part - 1))) {
        assertThat(told)
            .filteredOn(RunEvent.Note.class::isInstance)
            .extracting(note -> ((RunEvent.Note) note).text())
            .anyMatch(text -> text.endsWith("each step has the same images as before"));
      }
      told.clear();
    }
    return folder.checkpoints().latest(line -> {}).orElseThrow().network().restore();
  }

  private record Trained(ComputationGraph network, List<RunEvent.Epoch> epochs) {}

  private Trained train(int world, String keepProbability) throws IOException {
    RunFolder folder = folder(world + "-" + keepProbability.hashCode());
    List<RunEvent> told = new ArrayList<>();
    run(world, keepProbability).goOn(spark, data, manifest, network(), folder, told::add);
    return new Trained(
        folder.checkpoints().latest(line -> {}).orElseThrow().network().restore(),
        told.stream()
            .filter(RunEvent.Epoch.class::isInstance)
            .map(RunEvent.Epoch.class::cast)
            .toList());
  }

  private static SmallRun run(int world, String keepProbability) {
    return new SmallRun(
        SLOTS, world, EPOCHS, keepProbability, "0.05", Optional.of(new WeightAverage(.9, 1)));
  }

  private RunFolder folder(String name) {
    return RunFolder.create(
        new org.apache.hadoop.fs.Path(runs.resolve(name).toString()),
        "name: small\n",
        new Configuration());
  }

  /** Ends a run behind a step, on rank 0. */
  private record CutOff(long steps) implements EpochHook {

    @Override
    public Optional<StepHook> within(EpochBegin begin) {
      // not this, which is not serialisable
      long last = steps;
      return Optional.of(
          (done, network) -> {
            if (done == last) {
              throw new IllegalStateException("cut off");
            }
            return Optional.empty();
          });
    }

    @Override
    public String work() {
      return "cut";
    }

    @Override
    public EpochEnd after(EpochEnd end, Consumer<RunEvent> events) {
      return end;
    }
  }

  /** Parameters, moving statistics, what the optimiser keeps, and the average. */
  private static void assertSame(ComputationGraph found, ComputationGraph expected) {
    assertThat(NetworkState.of(found).arrays())
        .containsExactlyEntriesOf(NetworkState.of(expected).arrays())
        .containsOnlyKeys(NetworkState.PARAMETERS, "velocity", NetworkState.AVERAGE);
  }

  /** Relative to the length of the parameters. */
  private static double apart(ComputationGraph one, ComputationGraph other) {
    INDArray parameters = other.params();
    return one.params().distance2(parameters) / parameters.norm2Number().doubleValue();
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true).clippedBy(.1),
        graph ->
            graph
                .addLayer("norm", new BatchNormalization.Builder().build(), "conv")
                .addLayer(
                    "last",
                    new DropBlock.Builder().blockSize(3).normalization(Normalization.BATCH).build(),
                    "norm"));
  }
}
