package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a feed starts, starves, fails and ends. */
class FeedLifecycleTest extends StoredDataTest {
  @AfterEach
  void leavesNoThreads() {
    Awaitility.await().until(() -> feedThreads() == 0);
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
            Arrays.copyOf(victim.bytes(), victim.bytes().length / 2),
            new ClassLabel(0),
            victim.name()));
    Path other = Files.createDirectory(folder.resolve("other"));
    Shard shard = TestShards.write(other, "train-00000.parquet", broken, 64);
    DatasetManifest manifest = TestShards.manifest(List.of(shard), List.of(), 5);
    FeedSource bad =
        new FeedSource(
            other.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(AUGMENT),
            Normalization.NONE);
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
          .hasMessage("Cannot take another batch: all 9 are done");
    }
  }

  private static long feedThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("feed-"))
        .count();
  }
}
