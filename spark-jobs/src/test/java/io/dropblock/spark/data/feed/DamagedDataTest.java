package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that were damaged after they were written: an error that names them, or no difference. */
class DamagedDataTest extends StoredDataTest {
  private static final String FIRST = "train-00000.parquet";
  private static final String SECOND = "train-00001.parquet";

  private List<Batch> whole;

  @BeforeEach
  void feedWhole() throws IOException {
    whole = drain().batches();
    // Hadoop's own checksums, of the file beside it, would notice first.
    Files.delete(folder.resolve("." + FIRST + ".crc"));
    Files.delete(folder.resolve("." + SECOND + ".crc"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.3, 0.9999})
  void namesAShardThatIsCut(double left) throws IOException {
    Path shard = folder.resolve(SECOND);
    byte[] bytes = Files.readAllBytes(shard);
    int length = (int) (bytes.length * left);
    Files.write(shard, Arrays.copyOf(bytes, length));
    assertThat(drain().failure())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read shard ")
        .hasMessageContaining(
            SECOND + ": it has %d bytes, but the manifest says %d", length, bytes.length);
  }

  @Test
  void namesTheRecordsOfAFlippedByte() throws IOException {
    Path shard = folder.resolve(FIRST);
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 4;
    Files.write(shard, bytes);
    assertThat(drain().failure())
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot read shard .*" + FIRST + ": block 1 \\(records 64 to 127\\): .*CRC.*");
  }

  @Test
  void namesAShardThatVanished() throws IOException {
    Files.delete(folder.resolve(FIRST));
    assertThat(drain().failure())
        .isInstanceOf(DataException.class)
        .hasMessageMatching("Cannot read shard .*" + FIRST + ": .*does not exist.*");
  }

  @Test
  void neverFeedsADamagedImage() throws IOException {
    Path shard = folder.resolve(SECOND);
    byte[] bytes = Files.readAllBytes(shard);
    SplittableRandom random = new SplittableRandom(1);
    int noticed = 0;
    for (int i = 0; i < 60; i++) {
      byte[] flipped = bytes.clone();
      // A third of them in the footer and its length.
      int from = i % 3 == 0 ? bytes.length - 1000 : 0;
      flipped[random.nextInt(from, bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(shard, flipped);
      Fed fed = drain();
      if (fed.failure() != null) {
        assertThat(fed.failure()).isInstanceOf(DataException.class).hasMessageContaining(SECOND);
        noticed++;
      } else {
        assertThat(fed.batches()).hasSameSizeAs(whole);
      }
      for (int step = 0; step < fed.batches().size(); step++) {
        assertThat(fed.batches().get(step).pixels()).isEqualTo(whole.get(step).pixels());
        assertThat(((ClassTargets) fed.batches().get(step).targets()).labels())
            .isEqualTo(((ClassTargets) whole.get(step).targets()).labels());
      }
    }
    assertThat(noticed).isGreaterThan(40);
  }

  /** Batches until the end or the first failure, by two threads; never waits for long. */
  private Fed drain() {
    List<Batch> batches = new ArrayList<>();
    Throwable failure =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () ->
                catchThrowable(
                    () -> {
                      try (Feed feed = open(order(0, 1, 0, 20), FeedSettings.of(2, 4))) {
                        feed.forEachRemaining(batches::add);
                      }
                    }));
    return new Fed(batches, failure);
  }

  private record Fed(List<Batch> batches, Throwable failure) {}
}
