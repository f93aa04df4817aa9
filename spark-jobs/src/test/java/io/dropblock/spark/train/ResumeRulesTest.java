package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NetworkState;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WeightAverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run of four ranks with a global batch of 16, and what would go on with its checkpoints. */
class ResumeRulesTest {
  private static final int STEPS = 5;
  private static final Averaging EACH_STEP = Averaging.of(Averaging.Way.RING, 1);

  @TempDir private Path temporary;
  private DatasetManifest data;
  private RunFolder folder;

  @BeforeEach
  void begin() throws IOException {
    data = SmallRun.store(temporary, 16 * STEPS);
    folder =
        RunFolder.create(
            new org.apache.hadoop.fs.Path(temporary.resolve("run").toString()),
            "seed: 1\n",
            new Configuration());
  }

  @Test
  void otherRanksMayGoOnAtTheEndOfAnEpochWithTheSameGlobalBatch() {
    assertThatCode(
            () -> {
              rules(4, 4, 1, data).requireFit(checkpoint(2, 0, data));
              rules(2, 4, 2, data).requireFit(checkpoint(2, 0, data));
              rules(2, 8, 1, data).requireFit(checkpoint(2, 0, data));
              rules(8, 2, 1, data).requireFit(checkpoint(2, 0, data));
              // the same ranks compute the same images
              rules(4, 2, 2, data).requireFit(checkpoint(2, 3, data));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aMovingAverageNeitherComesNorGoes() {
    TrainingPlan plan = plan(Optional.of(new WeightAverage(.9, 1)));
    ResumeRules rules = new ResumeRules(folder, plan, 1, feed(4, 4, 1, data), EACH_STEP);
    assertThatThrownBy(() -> rules.requireFit(checkpoint(2, 0, data)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot resume run "
                + folder.path()
                + ": its checkpoint epoch-0002 holds no moving average of the weights, and"
                + " train.moving_average is set; give the recipe that it had, or begin another"
                + " run");
    Checkpoint without = checkpoint(2, 3, data);
    Checkpoint with =
        new Checkpoint(
            without.manifest(),
            without.recipe(),
            new NetworkState(
                "{}", Map.of("parameters", new byte[4], NetworkState.AVERAGE, new byte[4])));
    assertThatCode(() -> rules.requireFit(with)).doesNotThrowAnyException();
    assertThatThrownBy(() -> rules(4, 4, 1, data).requireFit(with))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot resume run "
                + folder.path()
                + ": its checkpoint epoch-0002-step-00000003 holds a moving average of the weights,"
                + " and train.moving_average is not set; give the recipe that it had, or begin"
                + " another run");
  }

  @Test
  void otherRanksMayNotGoOnWithinAnEpoch() {
    assertThatThrownBy(() -> rules(2, 8, 1, data).requireFit(checkpoint(2, 3, data)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot resume run "
                + folder.path()
                + ": its checkpoint epoch-0002-step-00000003 is within an epoch whose"
                + " images were dealt to 4 streams, and dealt to 2 the rest of that epoch would be"
                + " other images; go on with 4 (train.slots, or ranks where it is not set), or move"
                + " the checkpoints of that epoch away");
  }

  /** The position in the data is epoch and step, whoever goes on. */
  @Test
  void withSlotsAnyRanksMayGoOnAnywhere() {
    Checkpoint checkpoint = checkpoint(2, 3, data);
    for (int world = 1; world <= 4; world++) {
      ResumeRules rules = slots(4, 4, world, EACH_STEP);
      assertThatCode(() -> rules.requireFit(checkpoint)).doesNotThrowAnyException();
    }
    assertThat(slots(4, 4, 4, EACH_STEP).otherRanks(checkpoint)).isEmpty();
    assertThat(slots(4, 4, 1, EACH_STEP).otherRanks(checkpoint))
        .contains("Went on with 1 rank in place of 4: each step has the same images as before");
    assertThat(slots(8, 2, 3, EACH_STEP).otherRanks(checkpoint(2, 0, data)))
        .contains(
            "Went on with 3 ranks in place of 4: from here on the images of a step are others");
    assertThatThrownBy(() -> slots(8, 2, 4, EACH_STEP).requireFit(checkpoint))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("dealt to 4 streams, and dealt to 8 the rest");
  }

  @ParameterizedTest
  @CsvSource({"RING, 2", "STOCK, 1"})
  void ranksThatGoOwnWaysStayAsManyAsTheyAre(Averaging.Way way, int every) {
    Averaging averaging = Averaging.of(way, every);
    Checkpoint checkpoint = checkpoint(2, 0, data);
    assertThatCode(() -> slots(4, 4, 4, averaging).requireFit(checkpoint))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> slots(4, 4, 2, averaging).requireFit(checkpoint))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot resume run "
                + folder.path()
                + ": 4 ranks trained it, and with 2 ranks it would be another run, as ranks go own"
                + " ways between two averagings (train.averaging); go on with train.world: 4");
  }

  private ResumeRules slots(int slots, int localBatch, int world, Averaging averaging) {
    RankFeed feed = feed(Slots.of(slots, localBatch), world, data);
    return new ResumeRules(folder, plan(Optional.empty()), 1, feed, averaging);
  }

  @Test
  void refusesAnotherGlobalBatch() {
    assertThatThrownBy(() -> rules(2, 4, 1, data).requireFit(checkpoint(2, 0, data)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot resume run "
                + folder.path()
                + ": a step of its checkpoint has 16 images, one of this run would have 8, 2"
                + " micro-batches of 4; change train.slots (without it train.world or"
                + " train.accumulation) or train.local_batch so that it is 16 again");
  }

  @Test
  void refusesCheckpointsOfOtherData() {
    DatasetManifest swapped = swapped();
    assertThatThrownBy(() -> rules(4, 4, 1, swapped).requireFit(checkpoint(2, 0, data)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot go on with run "
                + folder.path()
                + ": --data is not what it was begun with: the same classes in another order: number"
                + " 0 is 'class4' in place of 'class0', number 1 is 'class3' in place of 'class1',"
                + " number 3 is 'class1' in place of 'class3' and 1 more; give the same data, or"
                + " another --run");
  }

  /** Of another data set than the run's, before there is a checkpoint. */
  @Test
  void theRunKnowsItsDataFromTheStart() throws IOException {
    assertThat(rules(4, 4, 1, data).requireData(DataIdentity.of(data), false)).isEmpty();
    assertThat(rules(4, 4, 1, data).requireData(DataIdentity.of(data), false)).isEmpty();
    assertThatThrownBy(() -> rules(4, 4, 1, data).requireData(DataIdentity.of(swapped()), false))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the same classes in another order");
    Files.writeString(temporary.resolve("run/data.json"), "{\"classes\":");
    assertThatThrownBy(() -> rules(4, 4, 1, data).requireData(DataIdentity.of(data), false))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("Cannot read ")
        .hasMessageContaining("data.json: it is damaged");
  }

  @Test
  void saysThatARunOfAnOlderVersionDidNotKeepItsData() throws IOException {
    folder.checkpoints().write(checkpoint(1, 0, null));
    assertThat(rules(4, 4, 1, data).requireData(DataIdentity.of(data), true).orElseThrow())
        .startsWith("Cannot compare the data with those that the run was begun with");
    assertThat(rules(4, 4, 1, data).requireData(DataIdentity.of(data), false)).isEmpty();
  }

  private DatasetManifest swapped() {
    List<String> classes = new ArrayList<>(data.classes());
    Collections.reverse(classes);
    return new DatasetManifest(
        1,
        data.kind(),
        data.settings(),
        data.source(),
        null,
        classes,
        List.of(),
        data.train(),
        data.val(),
        null,
        null);
  }

  private ResumeRules rules(int world, int localBatch, int accumulation, DatasetManifest of) {
    return new ResumeRules(
        folder, plan(Optional.empty()), 1, feed(world, localBatch, accumulation, of), EACH_STEP);
  }

  private static TrainingPlan plan(Optional<WeightAverage> average) {
    return new TrainingPlan(9, STEPS, STEPS, Schedule.parse("1"), Schedule.parse("1"), 7, average);
  }

  private RankFeed feed(int world, int localBatch, int accumulation, DatasetManifest of) {
    return feed(Slots.ofRanks(world, accumulation, localBatch), world, of);
  }

  private RankFeed feed(Slots slots, int world, DatasetManifest of) {
    FeedSource source =
        new FeedSource(
            temporary.toString(),
            of,
            Split.TRAIN,
            new ClassPreprocessing(new CentreCrop(16)),
            Normalization.IMAGENET);
    return new RankFeed(source, null, null, slots, world, 1);
  }

  /**
   * @param of null for one of an older version
   */
  private static Checkpoint checkpoint(int epochs, int steps, DatasetManifest of) {
    return new Checkpoint(
        new Checkpoint.Manifest(
            of == null ? 1 : Checkpoint.Manifest.VERSION,
            epochs,
            (long) epochs * STEPS + steps,
            STEPS,
            16,
            7,
            null,
            null,
            List.of(),
            List.of(),
            of == null ? null : new Checkpoint.Origin(4, null, DataIdentity.of(of), List.of())),
        "seed: 1\n",
        new NetworkState("{}", Map.of("parameters", new byte[4])));
  }
}
