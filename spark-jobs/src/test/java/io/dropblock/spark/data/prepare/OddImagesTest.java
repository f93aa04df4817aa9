package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.image.ImageOddity;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.source.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OddImagesTest {
  private static final int JFIF_REVISION_AT = 11;

  @TempDir private Path folder;

  @Test
  void areStoredAndCounted() throws IOException {
    byte[] plain = TestImages.jpeg(16, 16, 1);
    byte[] open = Arrays.copyOf(plain, plain.length - 2);
    byte[] revised = open.clone();
    revised[JFIF_REVISION_AT] = 2;
    ShardResult result = shard(plain, open, revised, TestImages.png(16, 16, 1));
    assertThat(result.shard().records()).isEqualTo(4);
    assertThat(result.broken()).isEmpty();
    assertThat(result.odd())
        .isEqualTo(Map.of(ImageOddity.NO_END_MARK, 2L, ImageOddity.JFIF_REVISION, 1L));
    assertThat(OddImages.note(List.of(result, result)))
        .contains(
            "Images that are odd, whole and stored: 2 with an unknown JFIF revision, 4 with no end mark");
  }

  @Test
  void nothingIsSaidOfOthers() throws IOException {
    ShardResult result = shard(TestImages.jpeg(16, 16, 1));
    assertThat(result.odd()).isEmpty();
    assertThat(OddImages.note(List.of(result))).isEmpty();
  }

  private ShardResult shard(byte[]... images) throws IOException {
    ImageFile[] files = new ImageFile[images.length];
    for (int i = 0; i < images.length; i++) {
      Path file = Files.write(folder.resolve(i + ".jpg"), images[i]);
      files[i] = new ImageFile(file.toString(), 0, images[i].length, i + ".jpg", 0);
    }
    ShardPlan plan = new ShardPlan("train-00000.parquet", List.of(files));
    PreparationSettings settings = PreparationSettings.of("drawn", 1);
    Path staging = folder.resolve("staging");
    Files.createDirectories(staging.resolve(FinishedShards.NOTES));
    return new ShardTask(staging.toString(), settings, new ClassLabelKind(), 2)
        .run(plan, new Configuration(), "0");
  }
}
