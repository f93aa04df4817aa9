package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Bytes;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.text.Count;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * Whether the memory that the settings give an executor is what a recipe's ranks need, as far as
 * settings tell: known before anything starts.
 *
 * @param conf the settings
 * @param need of a rank
 */
public record MemorySettings(SparkConf conf, Need need) {
  static final String NAME = "memory";
  private static final Pattern DIRECT = Pattern.compile("-XX:MaxDirectMemorySize=(\\w+)");
  private static final Pattern RESIDENT = Pattern.compile("maxphysicalbytes=(\\w+)");
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final long LEAST_OVERHEAD = 384L << 20;
  private static final String LOWER = "lower train.local_batch (and raise train.slots)";

  /** What is found. */
  public Finding finding() {
    if (conf.get("spark.master", "").matches("local(\\[.*])?")) {
      return Finding.notChecked(NAME, "ranks are threads of the driver's own process");
    }
    int ranks = ranks();
    long heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    long direct = option(DIRECT).orElse(heap);
    String of = Count.of(ranks, "rank") + " an executor";
    if (ranks * need.batches() > direct) {
      return Finding.fault(
          NAME,
          String.format(
              Locale.ROOT,
              "batches read ahead take %s (%s), and direct buffers may take %s, as the heap",
              Bytes.of(ranks * need.batches()),
              of,
              Bytes.of(direct)),
          "raise spark.executor.memory, or lower train.local_batch or train.prefetch");
    }
    Optional<Long> resident = option(RESIDENT).filter(bytes -> bytes > 0);
    if (resident.isPresent()) {
      return compared(
          "maxphysicalbytes leaves", resident.get() - heap, of, "raise maxphysicalbytes, or ");
    }
    if (isContainer()) {
      return compared(OVERHEAD + " is", overhead(heap), of, "raise " + OVERHEAD + ", or ");
    }
    return Finding.ok(
        NAME,
        String.format(
            Locale.ROOT,
            "heap %s, arrays and batches about %s (%s), with no limit set",
            Bytes.of(heap),
            Bytes.of(ranks * need.outside()),
            of));
  }

  private Finding compared(String what, long room, String of, String raise) {
    long outside = ranks() * need.outside() + Need.REST;
    long least = ranks() * need.least();
    String seen =
        String.format(
            Locale.ROOT,
            "outside of the heap %s %s, and %s about %s",
            what,
            Bytes.of(Math.max(0, room)),
            of + (ranks() == 1 ? " needs" : " need"),
            Bytes.of(outside));
    if (room < least) {
      return Finding.fault(NAME, seen, raise + LOWER);
    }
    return room < outside ? Finding.warning(NAME, seen, raise + LOWER) : Finding.ok(NAME, seen);
  }

  private int ranks() {
    int cores = conf.getInt("spark.executor.cores", 1);
    return Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
  }

  private boolean isContainer() {
    String master = conf.get("spark.master", "");
    return master.startsWith("yarn") || master.startsWith("k8s:");
  }

  private long overhead(long heap) {
    double factor = conf.getDouble(OVERHEAD + "Factor", 0.1);
    long otherwise = Math.max(LEAST_OVERHEAD, (long) (factor * heap));
    return conf.contains(OVERHEAD) ? JavaUtils.byteStringAsMb(conf.get(OVERHEAD)) << 20 : otherwise;
  }

  private Optional<Long> option(Pattern pattern) {
    Matcher found = pattern.matcher(conf.get("spark.executor.extraJavaOptions", ""));
    return found.find() && found.group(1).matches("\\d+[kKmMgGtT]?")
        ? Optional.of(JavaUtils.byteStringAsBytes(found.group(1)))
        : Optional.empty();
  }
}
