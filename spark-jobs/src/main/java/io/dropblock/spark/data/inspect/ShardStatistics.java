package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ShardReader;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What is in one shard. Built on an executor, sent to the driver. */
final class ShardStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  final long[] counts;
  final Histogram widths = new Histogram();
  final Histogram heights = new Histogram();
  final ArrayList<Pick> picks = new ArrayList<>();
  long imageBytes;

  private ShardStatistics(int classes) {
    counts = new long[classes];
  }

  /**
   * Reads a shard.
   *
   * @param picksPerClass images of each class to keep in mind for a contact sheet
   */
  static ShardStatistics read(
      Path dataset,
      StoredShard stored,
      int classes,
      int picksPerClass,
      long seed,
      Configuration configuration) {
    ShardStatistics statistics = new ShardStatistics(classes);
    List<PriorityQueue<Pick>> best = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      best.add(new PriorityQueue<>(Collections.reverseOrder(Pick.BY_RANK)));
    }
    int number = 0;
    try (ShardReader reader = ShardReader.open(dataset, stored.shard(), configuration)) {
      for (int block = 0; block < stored.shard().blocks().size(); block++) {
        for (ImageRecord record : reader.block(block)) {
          statistics.add(dataset, stored, record, number);
          PriorityQueue<Pick> ofClass = best.get(record.label());
          ofClass.add(Pick.of(seed, stored, number, record.label()));
          if (ofClass.size() > picksPerClass) {
            ofClass.remove();
          }
          number++;
        }
      }
    }
    best.forEach(statistics.picks::addAll);
    return statistics;
  }

  private void add(Path dataset, StoredShard stored, ImageRecord record, int number) {
    try {
      if (record.label() >= counts.length) {
        throw new IOException("label %d of %d classes".formatted(record.label(), counts.length));
      }
      ImageSize size = ImageSize.of(record.bytes());
      widths.add(size.width());
      heights.add(size.height());
      counts[record.label()]++;
      imageBytes += record.bytes().length;
    } catch (IOException | BrokenImageException e) {
      throw new DataException(
          "Cannot read record %d (%s) of %s/%s: %s"
              .formatted(
                  number, record.name(), dataset, stored.shard().file(), DataException.reason(e)),
          e);
    }
  }
}
