package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Histogram;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.kind.ClassTally;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ShardReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What is in one shard. Built on an executor, sent to the driver. */
final class ShardStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  final ClassTally tally;
  final Histogram widths = new Histogram();
  final Histogram heights = new Histogram();
  final ArrayList<Pick> picks = new ArrayList<>();
  long imageBytes;

  private ShardStatistics(ClassTally tally) {
    this.tally = tally;
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
    ShardStatistics statistics = new ShardStatistics(stored.kind().tally(classes));
    List<PriorityQueue<Pick>> best = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      best.add(new PriorityQueue<>(Collections.reverseOrder(Pick.BY_RANK)));
    }
    int number = 0;
    try (ShardReader reader = stored.open(dataset, configuration)) {
      for (int block = 0; block < stored.shard().blocks().size(); block++) {
        for (ImageRecord record : reader.block(block)) {
          int label = statistics.add(dataset, stored, record, number);
          PriorityQueue<Pick> ofClass = best.get(label);
          ofClass.add(Pick.of(seed, stored, number, label));
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

  private int add(Path dataset, StoredShard stored, ImageRecord record, int number) {
    try {
      ImageSize size = ImageSize.of(record.bytes());
      int label = tally.add(record.annotation(), size);
      widths.add(size.width());
      heights.add(size.height());
      imageBytes += record.bytes().length;
      return label;
    } catch (BrokenImageException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read record %d (%s) of %s/%s: %s",
              number,
              record.name(),
              dataset,
              stored.shard().file(),
              DataException.reason(e)),
          e);
    }
  }
}
