package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedTest {
  private static final ImageTransform AUGMENT = new PadCrop(16, 2, true);

  @TempDir Path folder;
  private FeedSource source;
  private List<ImageRecord> records;

  @BeforeEach
  void store() throws IOException {
    records = TestShards.records("train", 300, 5);
    DatasetManifest manifest =
        TestShards.manifest(
            List.of(
                TestShards.write(folder, "train-00000.parquet", records.subList(0, 200), 64),
                TestShards.write(folder, "train-00001.parquet", records.subList(200, 300), 64)),
            List.of(
                TestShards.write(
                    folder, "val-00000.parquet", TestShards.records("val", 70, 5), 64)),
            5);
    source =
        new FeedSource(folder.toString(), manifest, Split.TRAIN, AUGMENT, Normalization.IMAGENET);
  }

  @AfterEach
  void leavesNoThreads() {
    Awaitility.await().until(() -> feedThreads() == 0);
  }

  @Test
  void givesBatchesOfTheOrder() {
    EpochOrder order = order(0, 2, 1, 16);
    FeedSource plain =
        new FeedSource(
            folder.toString(),
            source.manifest(),
            Split.TRAIN,
            new CentreCrop(16),
            Normalization.NONE);
    List<Batch> batches = drain(plain, order, FeedSettings.of(2, 3).at(100, 0));
    assertThat(batches).hasSize(9);
    for (int step = 0; step < 9; step++) {
      Batch batch = batches.get(step);
      assertThat(batch.step()).isEqualTo(100 + step);
      assertThat(batch.firstSample()).isEqualTo(16);
      assertThat(batch.size()).isEqualTo(16);
      assertThat(batch.pixels()).hasSize(16 * 3 * 16 * 16);
      List<RecordId> ids = order.batch(step);
      for (int i = 0; i < 16; i++) {
        // Blocks of 64, 64, 64, 8 and 64, 36: global block b starts at record 64 b, but for the
        // short one.
        int start =
            ids.get(i).block() < 4 ? ids.get(i).block() * 64 : 200 + (ids.get(i).block() - 4) * 64;
        assertThat(batch.labels()[i]).isEqualTo(records.get(start + ids.get(i).row()).label());
      }
    }
  }

  @Test
  void isTheSameForAnyNumberOfThreads() {
    List<Batch> one = drain(source, order(3, 1, 0, 32), FeedSettings.of(1, 1));
    assertSame(drain(source, order(3, 1, 0, 32), FeedSettings.of(4, 8)), one);
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
            folder.toString(), source.manifest(), Split.VAL, AUGMENT, Normalization.NONE);
    float[] first =
        drain(val, EpochOrder.shuffled(val.blockSizes(), 1, 0, 1, 0, 70), FeedSettings.of(1, 1))
            .get(0)
            .pixels();
    float[] second =
        drain(val, EpochOrder.shuffled(val.blockSizes(), 1, 1, 1, 0, 70), FeedSettings.of(1, 1))
            .get(0)
            .pixels();
    Arrays.sort(first);
    Arrays.sort(second);
    assertThat(second).isNotEqualTo(first);
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
  void evaluatesTheRest() {
    FeedSource val =
        new FeedSource(
            folder.toString(),
            source.manifest(),
            Split.VAL,
            new CentreCrop(16),
            Normalization.IMAGENET);
    List<Batch> batches =
        drain(val, EpochOrder.sequential(val.blockSizes(), 1, 0, 32), FeedSettings.of(2, 2));
    assertThat(batches).extracting(Batch::size).containsExactly(32, 32, 6);
  }

  @Test
  void worksNoFurtherAheadThanTold() throws Exception {
    try (Feed feed = open(order(0, 1, 0, 4), FeedSettings.of(1, 3))) {
      // All 75 batches would need both shards; 3 of them, and the 4th after one is taken, need 1 or
      // 2 blocks.
      feed.next();
      Thread.sleep(300);
      Files.delete(folder.resolve("train-00000.parquet"));
      Files.delete(folder.resolve("train-00001.parquet"));
      assertThatThrownBy(() -> feed.forEachRemaining(batch -> {}))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("Cannot read shard")
          .hasMessageContaining("train-0000");
    }
  }

  @Test
  void closesWhileFullWithinASecond() {
    Feed feed = open(order(0, 1, 0, 8), FeedSettings.of(4, 37));
    feed.next();
    long start = System.nanoTime();
    feed.close();
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(1);
    feed.close();
    assertThat(feed.hasNext()).isTrue();
    assertThatThrownBy(feed::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot take a batch: the feed is closed");
  }

  @Test
  void closingWakesTheConsumer() throws Exception {
    for (int delay = 0; delay < 40; delay += 4) {
      Feed feed = open(order(0, 1, 0, 100), FeedSettings.of(1, 1));
      Thread closer = new Thread(feed::close);
      closer.start();
      Thread.sleep(delay);
      try {
        feed.forEachRemaining(batch -> {});
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("Cannot take a batch: the feed is closed");
      }
      closer.join();
    }
  }

  @Test
  void namesABrokenImageAndStops() throws IOException {
    List<ImageRecord> broken = new ArrayList<>(records);
    ImageRecord victim = records.get(150);
    broken.set(
        150,
        new ImageRecord(
            Arrays.copyOf(victim.bytes(), victim.bytes().length / 2), 0, victim.name()));
    Path other = Files.createDirectory(folder.resolve("other"));
    Shard shard = TestShards.write(other, "train-00000.parquet", broken, 64);
    DatasetManifest manifest = TestShards.manifest(List.of(shard), List.of(), 5);
    FeedSource bad =
        new FeedSource(other.toString(), manifest, Split.TRAIN, AUGMENT, Normalization.NONE);
    try (Feed feed =
        Feed.open(
            bad,
            EpochOrder.sequential(bad.blockSizes(), 1, 0, 10),
            FeedSettings.of(2, 4),
            new Configuration())) {
      for (int step = 0; step < 15; step++) {
        feed.next();
      }
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(feed::next)
            .isInstanceOf(DataException.class)
            .hasMessageMatching(
                "Cannot read image train/150.jpg in .*/other/train-00000.parquet: .+");
      }
    }
  }

  @Test
  void refusesLabelsOutsideTheClasses() throws IOException {
    FeedSource few =
        new FeedSource(
            folder.toString(),
            TestShards.manifest(source.manifest().train(), List.of(), 3),
            Split.TRAIN,
            AUGMENT,
            Normalization.NONE);
    assertThatThrownBy(() -> drain(few, order(0, 1, 0, 32), FeedSettings.of(1, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("Cannot read image .*: label [34] of 3 classes");
  }

  @Test
  void countsStarvedSteps() throws Exception {
    try (Feed feed = open(order(0, 1, 0, 32), FeedSettings.of(1, 2))) {
      Thread.sleep(50);
      Awaitility.await().untilAsserted(() -> assertThat(feed.starvedSteps()).isZero());
      feed.forEachRemaining(batch -> {});
      // Nothing is done between the batches, so the feed is what is waited for.
      assertThat(feed.starvedSteps()).isPositive().isLessThanOrEqualTo(9);
      assertThat(feed.secondsWaited()).isPositive();
      assertThatThrownBy(feed::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("Cannot take another batch: all 9 steps are done");
    }
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

  private EpochOrder order(long epoch, int world, int rank, int localBatch) {
    return EpochOrder.shuffled(source.blockSizes(), 11, epoch, world, rank, localBatch);
  }

  private Feed open(EpochOrder order, FeedSettings settings) {
    return Feed.open(source, order, settings, new Configuration());
  }

  private static List<Batch> drain(FeedSource source, EpochOrder order, FeedSettings settings) {
    try (Feed feed = Feed.open(source, order, settings, new Configuration())) {
      List<Batch> batches = new ArrayList<>();
      feed.forEachRemaining(batches::add);
      return batches;
    }
  }

  private static void assertSame(List<Batch> actual, List<Batch> expected) {
    assertThat(actual).usingRecursiveFieldByFieldElementComparator().isEqualTo(expected);
  }

  private static long feedThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("feed-"))
        .count();
  }
}
