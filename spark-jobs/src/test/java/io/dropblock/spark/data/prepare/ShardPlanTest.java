package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.source.ImageFile;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardPlanTest {
  private static final PreparationSettings SETTINGS = PreparationSettings.of("plan", 1);

  @ParameterizedTest
  @CsvSource({
    // images, bytes of each, records of a shard
    "60, 10_000_000, 12",
    "1_000, 10_000_000, 15",
    "10, 100_000_000, 2",
    // as long as a block has all its records, bytes change nothing
    "10_000, 110_000, 1024",
    "1_281_167, 110_000, 1280",
    "50, 3_000, 128",
  })
  void shardsHaveAboutTheirBytes(String images, String bytes, int perShard) {
    assertThat(
            ShardPlan.recordsPerShard(
                images(
                    Integer.parseInt(images.replace("_", "")),
                    Long.parseLong(bytes.replace("_", ""))),
                SETTINGS))
        .isEqualTo(perShard);
  }

  @Test
  void imagesThatWillBeSmallFillTheirBlocks() {
    assertThat(
            ShardPlan.recordsPerShard(images(60, 10_000_000), SETTINGS.withResize(Resize.to(256))))
        .isEqualTo(128);
  }

  private static List<ImageFile> images(int count, long bytes) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ImageFile("images", 0, bytes, "image" + i, 0))
        .toList();
  }
}
