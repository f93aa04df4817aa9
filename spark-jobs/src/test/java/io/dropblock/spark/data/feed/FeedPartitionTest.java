package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.TestShards;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ranks are fed in an epoch, told by the pixels: 300 images, no two of them alike. */
class FeedPartitionTest extends StoredDataTest {
  @ParameterizedTest
  @CsvSource({"1,32", "2,32", "3,32", "8,32", "1,7", "2,7", "3,7", "8,7", "8,37"})
  void ranksTogetherSeeEveryImageOnceButTheTail(int world, int localBatch) {
    Map<FloatBuffer, Integer> labels = labelsByPixels();
    int steps = 300 / (world * localBatch);
    Set<FloatBuffer> seen = new HashSet<>();
    for (int rank = 0; rank < world; rank++) {
      List<Batch> batches =
          drain(plain(Split.TRAIN), order(2, world, rank, localBatch), FeedSettings.of(2, 4));
      assertThat(batches).hasSize(steps);
      for (Batch batch : batches) {
        assertThat(batch.size()).isEqualTo(localBatch);
        for (int i = 0; i < localBatch; i++) {
          FloatBuffer image = image(batch, i);
          assertThat(labels).containsEntry(image, ((ClassTargets) batch.targets()).labels()[i]);
          assertThat(seen.add(image)).as("first time").isTrue();
        }
      }
    }
    assertThat(seen).hasSize(steps * world * localBatch);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void evaluationFeedsEveryImageOnce(int world) {
    FeedSource val = plain(Split.VAL);
    Set<FloatBuffer> seen = new HashSet<>();
    for (int rank = 0; rank < world; rank++) {
      EpochOrder order = EpochOrder.sequential(val.blockSizes(), world, rank, 8);
      for (Batch batch : drain(val, order, FeedSettings.of(2, 2))) {
        for (int i = 0; i < batch.size(); i++) {
          assertThat(seen.add(image(batch, i))).isTrue();
        }
      }
    }
    assertThat(seen).hasSize(70);
  }

  @Test
  void eightThreadsMakeTheBatchesOfOne() {
    for (int epoch = 0; epoch < 3; epoch++) {
      EpochOrder order = order(epoch, 1, 0, 12);
      List<Batch> one = drain(source, order, FeedSettings.of(1, 1));
      List<Batch> eight = drain(source, order, FeedSettings.of(8, 16));
      assertThat(eight).hasSize(25).hasSameSizeAs(one);
      for (int i = 0; i < 25; i++) {
        assertThat(eight.get(i).pixels()).isEqualTo(one.get(i).pixels());
        assertThat(((ClassTargets) eight.get(i).targets()).labels())
            .isEqualTo(((ClassTargets) one.get(i).targets()).labels());
      }
    }
  }

  /** Without augmentation, so that an image is always the same. */
  private FeedSource plain(Split split) {
    return new FeedSource(
        folder.toString(),
        source.manifest(),
        split,
        new ClassPreprocessing(new CentreCrop(16)),
        Normalization.NONE);
  }

  private Map<FloatBuffer, Integer> labelsByPixels() {
    Map<FloatBuffer, Integer> labels = new HashMap<>();
    FeedSource train = plain(Split.TRAIN);
    EpochOrder stored = EpochOrder.sequential(train.blockSizes(), 1, 0, 1);
    int record = 0;
    for (Batch batch : drain(train, stored, FeedSettings.of(1, 1))) {
      labels.put(image(batch, 0), TestShards.label(records.get(record++)));
    }
    assertThat(labels).hasSize(300);
    return labels;
  }

  private static FloatBuffer image(Batch batch, int index) {
    int floats = batch.pixels().capacity() / batch.size();
    return batch.pixels().slice(index * floats, floats);
  }

  private static List<Batch> drain(FeedSource source, EpochOrder order, FeedSettings settings) {
    try (Feed feed = Feed.open(source, order, settings, new Configuration())) {
      List<Batch> batches = new ArrayList<>();
      feed.forEachRemaining(batches::add);
      return batches;
    }
  }
}
