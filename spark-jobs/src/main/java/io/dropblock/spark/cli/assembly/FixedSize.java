package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Looks whether images are of the size of a recipe that does not scale them, before anything is
 * started for it. Of each split one block is read; images of other blocks meet the same question in
 * the feed.
 *
 * @param data folder of the data set
 */
record FixedSize(Path data, DatasetManifest manifest, Configuration configuration) {
  /**
   * Checks.
   *
   * @param recipe its name
   * @param size height and width, pixels
   * @throws DataException that names an image of another size, and what to do
   */
  void require(String recipe, int size) {
    for (Split split : Split.values()) {
      List<Shard> shards = manifest.shards(split);
      if (!shards.isEmpty()) {
        try (ShardReader reader =
            ShardReader.open(data, shards.get(0), manifest.kind(), configuration)) {
          reader.block(0).forEach(record -> require(recipe, size, record));
        }
      }
    }
  }

  private void require(String recipe, int size, ImageRecord record) {
    try {
      ImageSize found = ImageSize.of(record.bytes());
      if (!found.equals(new ImageSize(size, size))) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot use data set %s for %s: its image %s has %d x %d pixels, and data.transform: pad-crop takes only %d x %d; use a recipe for photographs, such as photos-resnet50-dropblock",
                data,
                recipe,
                record.name(),
                found.width(),
                found.height(),
                size,
                size));
      }
    } catch (BrokenImageException e) {
      throw new DataException(
          String.format(
              Locale.ROOT, "Cannot read image %s of %s: %s", record.name(), data, e.getMessage()),
          e);
    }
  }
}
