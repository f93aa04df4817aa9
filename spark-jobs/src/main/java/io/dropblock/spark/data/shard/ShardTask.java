package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.source.ImageFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes one shard on an executor: reads each image, decodes it once to be sure of it, stores its
 * bytes.
 *
 * @param staging folder to write to
 * @param settings of the preparation
 */
record ShardTask(String staging, PreparationSettings settings) implements Serializable {
  /**
   * What came of it.
   *
   * @param shard the written file; null where no image was left, or where a broken one stops the
   *     preparation
   * @param broken images that could not be decoded
   */
  record Result(Shard shard, List<BrokenImage> broken) implements Serializable {}

  /** Runs; {@code attempt} is unique among all tasks of this Spark application. */
  Result run(ShardPlan plan, Configuration configuration, long attempt) throws IOException {
    FileSystem fileSystem = new Path(staging).getFileSystem(configuration);
    // A retry or a speculative copy writes beside this attempt, never over it.
    Path temporary = new Path(staging, "_" + plan.file() + "." + attempt);
    List<BrokenImage> broken = new ArrayList<>();
    try {
      Shard shard;
      ShardWriter writer = new ShardWriter(fileSystem, temporary, settings.blockRecords());
      try (writer) {
        writeAll(plan.images(), configuration, writer, broken);
      }
      boolean stopped = !broken.isEmpty() && !settings.skipBroken();
      shard = writer.records() == 0 || stopped ? null : writer.describe(plan.file());
      if (shard != null) {
        publish(fileSystem, temporary, new Path(staging, plan.file()));
      }
      return new Result(shard, broken);
    } finally {
      fileSystem.delete(temporary, false);
    }
  }

  private void writeAll(
      List<ImageFile> images,
      Configuration configuration,
      ShardWriter writer,
      List<BrokenImage> broken)
      throws IOException {
    try (ByteRanges ranges = new ByteRanges(configuration)) {
      for (int from = 0; from < images.size(); from += settings.blockRecords()) {
        List<ImageFile> part =
            images.subList(from, Math.min(images.size(), from + settings.blockRecords()));
        byte[][] bytes = ranges.read(part);
        for (int i = 0; i < bytes.length; i++) {
          ImageFile file = part.get(i);
          try {
            ImageDecoder.decode(bytes[i]);
            writer.write(new ImageRecord(bytes[i], file.label(), file.name()));
          } catch (BrokenImageException e) {
            broken.add(new BrokenImage(file.name(), e.getMessage()));
          }
        }
      }
    }
  }

  private static void publish(FileSystem fileSystem, Path temporary, Path target)
      throws IOException {
    // Another attempt of this task may have been first: its bytes are the same, so either file will
    // do.
    if (!fileSystem.exists(target)
        && !fileSystem.rename(temporary, target)
        && !fileSystem.exists(target)) {
      throw new IOException("Cannot rename " + temporary + " to " + target);
    }
  }
}
