package io.dropblock.spark.preflight.slot;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads some blocks of training shards, other ones in each slot.
 *
 * @param folder of the data set
 * @param identity that the driver found
 * @param slots how many read at the same time
 * @param time how long
 * @param bytes of images, at most
 * @param configuration Hadoop's settings of the driver
 */
public record DataTask(
    String folder,
    String identity,
    int slots,
    Duration time,
    long bytes,
    SerializableConfiguration configuration)
    implements SlotTask<DataRead> {

  @Override
  public DataRead run(BarrierTaskContext task) {
    String name =
        ExecutorFacts.name(
            SparkEnv.get().executorId(), SparkEnv.get().blockManager().blockManagerId().host());
    try {
      Path path = new Path(folder);
      DatasetManifest manifest = ManifestFile.readAlone(path, configuration.value());
      if (!manifest.identity().equals(identity)) {
        return DataRead.failed(name, "another data set is there than the driver sees");
      }
      return read(name, path, manifest, task.partitionId());
    } catch (RuntimeException e) {
      return DataRead.failed(name, DataException.reason(e));
    }
  }

  private DataRead read(String name, Path path, DatasetManifest manifest, int slot) {
    List<Shard> shards = manifest.shards(Split.TRAIN);
    long begin = System.nanoTime();
    long images = 0;
    long read = 0;
    int first = (int) ((long) slot * shards.size() / slots);
    for (int i = 0; i < shards.size(); i++) {
      Shard shard = shards.get((first + i) % shards.size());
      try (ShardReader reader =
          ShardReader.open(path, shard, manifest.kind(), configuration.value())) {
        for (int block = 0; block < shard.blocks().size(); block++) {
          List<ImageRecord> records = reader.block(block);
          images += records.size();
          read += records.stream().mapToLong(ImageRecord::length).sum();
          if (read >= bytes || System.nanoTime() - begin > time.toNanos()) {
            return new DataRead(name, "", images, read, System.nanoTime() - begin);
          }
        }
      }
    }
    return new DataRead(name, "", images, read, System.nanoTime() - begin);
  }
}
