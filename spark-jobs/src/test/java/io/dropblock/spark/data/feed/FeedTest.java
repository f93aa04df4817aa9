package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.TestShards;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;

class FeedTest extends StoredDataTest {
  @Test
  void givesBatchesOfTheOrder() {
    EpochOrder order = order(0, 2, 1, 16);
    FeedSource plain =
        new FeedSource(
            folder.toString(),
            source.manifest(),
            Split.TRAIN,
            new ClassPreprocessing(new CentreCrop(16)),
            Normalization.NONE);
    List<Batch> batches = drain(plain, order, FeedSettings.of(2, 3).at(100, 0));
    assertThat(batches).hasSize(9);
    for (int step = 0; step < 9; step++) {
      Batch batch = batches.get(step);
      assertThat(batch.step()).isEqualTo(100 + step);
      assertThat(batch.firstSample()).isEqualTo(16);
      assertThat(batch.size()).isEqualTo(16);
      assertThat(batch.pixels().capacity()).isEqualTo(16 * 3 * 16 * 16);
      assertThat(batch.pixels().isDirect()).isTrue();
      assertThat(batch.pixels().order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(new FloatPointer(batch.pixels()).address() % 64).isZero();
      List<RecordId> ids = order.batch(step);
      for (int i = 0; i < 16; i++) {
        // Blocks of 64, 64, 64, 8 and 64, 36: global block b starts at record 64 b, but for the
        // short one.
        int start =
            ids.get(i).block() < 4 ? ids.get(i).block() * 64 : 200 + (ids.get(i).block() - 4) * 64;
        assertThat(((ClassTargets) batch.targets()).labels()[i])
            .isEqualTo(TestShards.label(records.get(start + ids.get(i).row())));
      }
    }
  }

  @Test
  void isTheSameForAnyNumberOfThreads() {
    List<Batch> one = drain(source, order(3, 1, 0, 32), FeedSettings.of(1, 1));
    assertSame(drain(source, order(3, 1, 0, 32), FeedSettings.of(4, 8)), one);
  }

  @Test
  void isTheSameInMemoryGivenBack() {
    List<Batch> kept = drain(source, order(3, 1, 0, 32), FeedSettings.of(2, 2));
    Set<FloatBuffer> memories = Collections.newSetFromMap(new IdentityHashMap<>());
    try (Feed feed = open(order(3, 1, 0, 32), FeedSettings.of(2, 2))) {
      for (Batch expected : kept) {
        Batch batch = feed.next();
        assertThat(batch.pixels()).isEqualTo(expected.pixels());
        memories.add(batch.pixels());
        for (int i = 0; i < batch.pixels().capacity(); i++) {
          batch.pixels().put(i, Float.NaN);
        }
        feed.giveBack(batch);
      }
    }
    // Two are ahead when the first comes back, and one more is begun before that.
    assertThat(memories).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void augmentsARecordAlikeOnAnyRank() {
    List<Batch> whole = drain(source, order(3, 1, 0, 150), FeedSettings.of(1, 1));
    List<Batch> second = drain(source, order(3, 2, 1, 150), FeedSettings.of(1, 1));
    assertThat(second.get(0).pixels()).isEqualTo(whole.get(1).pixels());
  }

  @Test
  void augmentsDifferentlyEachEpoch() {
    FeedSource val =
        new FeedSource(
            folder.toString(),
            source.manifest(),
            Split.VAL,
            new ClassPreprocessing(AUGMENT),
            Normalization.NONE);
    float[] first = sorted(val, 0);
    float[] second = sorted(val, 1);
    assertThat(second).isNotEqualTo(first);
  }

  private static float[] sorted(FeedSource val, int epoch) {
    EpochOrder order = EpochOrder.shuffled(val.blockSizes(), 1, epoch, 1, 0, 70);
    float[] pixels = Pixels.of(drain(val, order, FeedSettings.of(1, 1)).get(0).pixels());
    Arrays.sort(pixels);
    return pixels;
  }

  @Test
  void resumesAtAnyStep() {
    List<Batch> whole = drain(source, order(3, 1, 0, 32), FeedSettings.of(2, 2));
    for (int from = 0; from <= 9; from++) {
      List<Batch> tail = drain(source, order(3, 1, 0, 32), FeedSettings.of(2, 2).at(0, from));
      assertSame(tail, whole.subList(from, 9));
    }
  }

  @Test
  void cutsStepsIntoMicroBatches() {
    List<Batch> large = drain(source, order(3, 2, 1, 32), FeedSettings.of(2, 2).at(100, 0));
    EpochOrder order = EpochOrder.shuffled(source.blockSizes(), 11, 3, 2, 1, 8, 4);
    List<Batch> small = drain(source, order, FeedSettings.of(2, 3).at(100, 0));
    assertThat(small).hasSize(16);
    for (int index = 0; index < 16; index++) {
      Batch whole = large.get(index / 4);
      int pixels = whole.pixels().capacity() / 4;
      int part = index % 4;
      assertThat(small.get(index).step()).isEqualTo(100 + index / 4);
      assertThat(small.get(index).firstSample()).isEqualTo(32 + 8 * part);
      assertThat(small.get(index).pixels()).isEqualTo(whole.pixels().slice(part * pixels, pixels));
    }
    assertSame(
        drain(source, order, FeedSettings.of(2, 3).between(100, 1, 3)), small.subList(4, 12));
  }

  @Test
  void evaluatesTheRest() {
    FeedSource val =
        new FeedSource(
            folder.toString(),
            source.manifest(),
            Split.VAL,
            new ClassPreprocessing(new CentreCrop(16)),
            Normalization.IMAGENET);
    List<Batch> batches =
        drain(val, EpochOrder.sequential(val.blockSizes(), 1, 0, 32), FeedSettings.of(2, 2));
    assertThat(batches).extracting(Batch::size).containsExactly(32, 32, 6);
  }

  @Test
  void refusesLabelsOutsideTheClasses() throws IOException {
    FeedSource few =
        new FeedSource(
            folder.toString(),
            TestShards.manifest(source.manifest().train(), List.of(), 3),
            Split.TRAIN,
            new ClassPreprocessing(AUGMENT),
            Normalization.NONE);
    assertThatThrownBy(() -> drain(few, order(0, 1, 0, 32), FeedSettings.of(1, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("Cannot read image .*: label [34] of 3 classes");
  }

  @Test
  void travelsToATask() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(source);
      out.writeObject(order(0, 2, 1, 8));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      FeedSource arrived = (FeedSource) in.readObject();
      assertThat(arrived).isEqualTo(source);
      assertSame(
          drain(arrived, (EpochOrder) in.readObject(), FeedSettings.of(1, 2)),
          drain(source, order(0, 2, 1, 8), FeedSettings.of(1, 2)));
    }
  }

  @Test
  void refusesAnOrderOfOtherData() {
    EpochOrder other = EpochOrder.shuffled(List.of(64, 64), 1, 0, 1, 0, 8);
    assertThatThrownBy(() -> open(other, FeedSettings.of(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid order: it was made for other blocks than " + folder);
  }

  private static List<Batch> drain(FeedSource source, EpochOrder order, FeedSettings settings) {
    try (Feed feed = Feed.open(source, order, settings, new Configuration())) {
      List<Batch> batches = new ArrayList<>();
      feed.forEachRemaining(batches::add);
      return batches;
    }
  }

  private static void assertSame(List<Batch> actual, List<Batch> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).step()).isEqualTo(expected.get(i).step());
      assertThat(actual.get(i).firstSample()).isEqualTo(expected.get(i).firstSample());
      assertThat(((ClassTargets) actual.get(i).targets()).labels())
          .isEqualTo(((ClassTargets) expected.get(i).targets()).labels());
      assertThat(actual.get(i).pixels()).isEqualTo(expected.get(i).pixels());
    }
  }
}
