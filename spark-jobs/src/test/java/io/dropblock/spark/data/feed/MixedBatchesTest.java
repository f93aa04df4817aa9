package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.image.mix.BatchMix;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Feeds that mix the images of each micro-batch. */
class MixedBatchesTest extends StoredDataTest {
  private FeedSource mixing(double mixup, double cutmix) {
    return new FeedSource(
        source.dataset(),
        source.manifest(),
        source.split(),
        new ClassPreprocessing(AUGMENT, BatchMix.of(mixup, cutmix)),
        source.normalization());
  }

  private static List<Batch> drain(FeedSource source, EpochOrder order, FeedSettings settings) {
    try (Feed feed = Feed.open(source, order, settings, new Configuration())) {
      List<Batch> batches = new ArrayList<>();
      feed.forEachRemaining(batches::add);
      return batches;
    }
  }

  private static float[] numbers(Batch batch) {
    return Pixels.of(((ClassTargets) batch.targets()).numbers());
  }

  private static void assertSame(Batch actual, Batch expected) {
    assertThat(actual.pixels()).isEqualTo(expected.pixels());
    assertThat(numbers(actual)).isEqualTo(numbers(expected));
  }

  @ParameterizedTest
  @CsvSource({"0.2, 0", "0, 1", "0.2, 1"})
  void labelsArePairsOfTheImagesThatWereMixed(double mixup, double cutmix) {
    List<Batch> plain = drain(source, order(0, 1, 0, 8), FeedSettings.of(2, 4));
    List<Batch> mixed = drain(mixing(mixup, cutmix), order(0, 1, 0, 8), FeedSettings.of(2, 4));
    assertThat(mixed).hasSameSizeAs(plain);
    Set<Float> weights = new HashSet<>();
    int changed = 0;
    for (int step = 0; step < plain.size(); step++) {
      int[] labels = ((ClassTargets) plain.get(step).targets()).labels();
      ClassTargets targets = (ClassTargets) mixed.get(step).targets();
      assertThat(targets.labels()).isEqualTo(labels);
      assertThat(targets.areMixed()).isTrue();
      assertThat(targets.encoded()).hasSize(1);
      float[] rows = numbers(mixed.get(step));
      assertThat(rows).hasSize(24);
      for (int i = 0; i < 8; i++) {
        assertThat(rows[3 * i]).isEqualTo(labels[i]);
        assertThat(rows[3 * i + 1]).isEqualTo(labels[(i + 7) % 8]);
        assertThat(rows[3 * i + 2]).isEqualTo(rows[2]).isGreaterThan(0).isLessThan(1);
      }
      weights.add(rows[2]);
      changed += mixed.get(step).pixels().equals(plain.get(step).pixels()) ? 0 : 1;
    }
    assertThat(weights).hasSizeGreaterThan(20);
    assertThat(changed).isGreaterThan(25);
  }

  /** Bit for bit, as the sum of two products of floats. */
  @Test
  void mixesWhatTheFeedWouldHaveGiven() {
    List<Batch> plain = drain(source, order(0, 1, 0, 8), FeedSettings.of(1, 1));
    Batch mixed = drain(mixing(0.2, 0), order(0, 1, 0, 8), FeedSettings.of(1, 1)).get(3);
    float weight = numbers(mixed)[2];
    float[] own = Pixels.of(plain.get(3).pixels());
    float[] out = Pixels.of(mixed.pixels());
    int image = own.length / 8;
    for (int i = 0; i < own.length; i++) {
      float before = own[(i - image + own.length) % own.length];
      assertThat(out[i]).isEqualTo(own[i] * weight + before * (1 - weight));
    }
  }

  @Test
  void isTheSameForAnyThreadsRanksAndStarts() {
    FeedSource both = mixing(0.2, 1);
    List<Batch> whole = drain(both, order(3, 1, 0, 25), FeedSettings.of(1, 1));
    List<Batch> threads = drain(both, order(3, 1, 0, 25), FeedSettings.of(4, 8));
    for (int step = 0; step < 12; step++) {
      assertSame(threads.get(step), whole.get(step));
    }
    // of 2 ranks the second begins in the middle, of 3 the third at two thirds
    List<Batch> second = drain(both, order(3, 2, 1, 25), FeedSettings.of(2, 2));
    List<Batch> third = drain(both, order(3, 3, 2, 25), FeedSettings.of(2, 2));
    for (int step = 0; step < 6; step++) {
      assertSame(second.get(step), whole.get(6 + step));
    }
    for (int step = 0; step < 4; step++) {
      assertSame(third.get(step), whole.get(8 + step));
    }
    List<Batch> tail = drain(both, order(3, 1, 0, 25), FeedSettings.of(2, 2).at(0, 5));
    for (int step = 5; step < 12; step++) {
      assertSame(tail.get(step - 5), whole.get(step));
    }
    List<Batch> accumulated =
        drain(
            both,
            EpochOrder.shuffled(both.blockSizes(), 11, 3, 1, 0, 25, 4),
            FeedSettings.of(2, 2));
    for (int batch = 0; batch < 12; batch++) {
      assertSame(accumulated.get(batch), whole.get(batch));
    }
  }

  @Test
  void mixesOtherwiseInEachEpochAndWithEachSeed() {
    FeedSource both = mixing(0.2, 0);
    float first = numbers(drain(both, order(0, 1, 0, 300), FeedSettings.of(1, 1)).get(0))[2];
    float other = numbers(drain(both, order(1, 1, 0, 300), FeedSettings.of(1, 1)).get(0))[2];
    EpochOrder seed = EpochOrder.shuffled(both.blockSizes(), 12, 0, 1, 0, 300);
    float third = numbers(drain(both, seed, FeedSettings.of(1, 1)).get(0))[2];
    assertThat(Set.of(first, other, third)).hasSize(3);
  }

  @Test
  void memoryGivenBackServesMixedBatches() {
    FeedSource both = mixing(0.2, 1);
    List<Batch> kept = drain(both, order(3, 1, 0, 32), FeedSettings.of(2, 2));
    try (Feed feed =
        Feed.open(both, order(3, 1, 0, 32), FeedSettings.of(2, 2), new Configuration())) {
      for (Batch expected : kept) {
        Batch batch = feed.next();
        assertSame(batch, expected);
        feed.giveBack(batch);
      }
    }
  }

  @Test
  void givesNoTargetsOfWhatIsNotMixedYet() {
    Preprocessing.Samples samples =
        new ClassPreprocessing(AUGMENT, BatchMix.of(0.2, 0)).start(2, 5);
    assertThatThrownBy(samples::targets)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot give targets: the images are not mixed yet");
    assertThat(new ClassPreprocessing(AUGMENT, Optional.empty()).start(2, 5).targets().size())
        .isEqualTo(2);
  }

  @Test
  void refusesNumbersOfAnotherShape() {
    assertThatThrownBy(() -> new ClassTargets(new int[2], FloatBuffer.allocate(4)))
        .hasMessage("Invalid classes: 4 floats for 2 images");
  }
}
