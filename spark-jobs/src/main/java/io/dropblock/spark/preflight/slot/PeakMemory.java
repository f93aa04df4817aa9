package io.dropblock.spark.preflight.slot;

import io.dropblock.spark.cluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;

/** The most memory that executors had at a time, heap included, since each of them started. */
public final class PeakMemory {
  private static final String PEAK = "VmHWM:";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private PeakMemory() {}

  /**
   * Asks all executors.
   *
   * @param slots task slots of all of them, none of which is in use
   * @return resident bytes of the one that had most; 0 where one does not answer
   */
  public static long most(JavaSparkContext spark, int slots) {
    try {
      SlotJob.Answers<Long> answers =
          new SlotJob(spark, slots, LIMIT).run("memory", Long.class, PeakMemory::ofThisProcess);
      List<Long> peaks = answers.values();
      return answers.ended() ? peaks.stream().mapToLong(Long::longValue).max().orElse(0) : 0;
    } catch (ClusterException e) {
      return 0;
    }
  }

  private static Long ofThisProcess(BarrierTaskContext task) {
    return ofThisProcess();
  }

  /** Linux keeps it; elsewhere, what it has now. */
  static long ofThisProcess() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseGet(Pointer::physicalBytes);
    } catch (IOException e) {
      return Pointer.physicalBytes();
    }
  }
}
