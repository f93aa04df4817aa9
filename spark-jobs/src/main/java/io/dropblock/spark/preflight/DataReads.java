package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Bytes;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.DataRead;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Whether executors read the data set, and how fast. */
final class DataReads {
  static final String NAME = "reading data";
  private static final int MUCH_SLOWER = 4;

  /** Below that a rate says nothing. */
  private static final long LEAST_BYTES = 1 << 20;

  private DataReads() {}

  /**
   * @param reads one of each task slot
   */
  static Finding of(List<DataRead> reads) {
    List<String> failures =
        reads.stream()
            .filter(read -> !read.failure().isEmpty())
            .map(read -> read.executor() + ": " + read.failure())
            .distinct()
            .toList();
    if (!failures.isEmpty()) {
      return Finding.fault(
          NAME,
          Several.of(failures, "task slots"),
          "give --data where all hosts see the same (HDFS, NFS, an object store), and see"
              + " ./submit.sh prepare --check");
    }
    List<DataRead> slowest =
        reads.stream().sorted(Comparator.comparingDouble(DataRead::bytesPerSecond)).toList();
    DataRead least = slowest.get(0);
    DataRead middle = slowest.get(slowest.size() / 2);
    String seen =
        String.format(
            Locale.ROOT,
            "each task slot %s, %,.0f images/s or more, all at once, unless caches helped",
            Bytes.rate(least.bytesPerSecond()),
            least.imagesPerSecond());
    boolean odd =
        least.bytes() >= LEAST_BYTES
            && least.bytesPerSecond() * MUCH_SLOWER < middle.bytesPerSecond();
    return odd
        ? Finding.warning(
            NAME,
            String.format(
                Locale.ROOT,
                "%s reads %s, and half of the others %s or more",
                least.executor(),
                Bytes.rate(least.bytesPerSecond()),
                Bytes.rate(middle.bytesPerSecond())),
            "all ranks wait for the slowest one; look at that host's disk and network")
        : Finding.ok(NAME, seen);
  }
}
