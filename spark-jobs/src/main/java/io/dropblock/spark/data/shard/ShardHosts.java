package io.dropblock.spark.data.shard;

import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the bytes of shards lie, for jobs with a task a shard.
 *
 * @param dataset the data set's folder
 */
public record ShardHosts(Path dataset, Configuration configuration) {
  /** As many as Spark's own readers of files name. */
  private static final int MOST_HOSTS = 3;

  /** What file systems without hosts answer. */
  private static final String NOWHERE = "localhost";

  /**
   * The hosts with most of a shard's bytes, the most first. None where the file system does not
   * know, or cannot be asked: a task then runs anywhere, and tells what is wrong.
   */
  public List<String> of(Shard shard) {
    Map<String, Long> bytes = new HashMap<>();
    Path path = HadoopPath.in(dataset, shard.file());
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(path, configuration);
      for (BlockLocation block : fileSystem.getFileBlockLocations(path, 0, shard.bytes())) {
        for (String host : block.getHosts()) {
          bytes.merge(host, block.getLength(), Long::sum);
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    bytes.remove(NOWHERE);
    Comparator<Map.Entry<String, Long>> most =
        Map.Entry.comparingByValue(Comparator.reverseOrder());
    return bytes.entrySet().stream()
        .sorted(most.thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_HOSTS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
