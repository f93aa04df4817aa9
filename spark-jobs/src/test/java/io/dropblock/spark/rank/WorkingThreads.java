package io.dropblock.spark.rank;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which threads of this process compute for Spark's tasks, by the time that Linux counts for each.
 * A thread that OpenMP or OpenBLAS starts has the name of the thread it works for.
 */
final class WorkingThreads {
  /** Linux keeps 15 characters of "Executor task launch worker". */
  private static final String NAME = "Executor task l";

  private static final double IDLE = 0.02;

  private final Map<Path, Long> before = ticks();

  /** How many have worked since: those with a fiftieth of the busiest one's time, at least. */
  int count() {
    List<Long> worked = new ArrayList<>();
    ticks().forEach((thread, ticks) -> worked.add(ticks - before.getOrDefault(thread, 0L)));
    long most = worked.stream().mapToLong(Long::longValue).max().orElse(0);
    return (int) worked.stream().filter(ticks -> ticks > IDLE * most).count();
  }

  /** Hundredths of a second of each thread, in user and kernel mode. */
  private static Map<Path, Long> ticks() {
    Map<Path, Long> ticks = new HashMap<>();
    try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        try {
          String stat = Files.readString(thread.resolve("stat"));
          int end = stat.lastIndexOf(')');
          if (stat.substring(0, end).endsWith("(" + NAME)) {
            String[] fields = stat.substring(end + 2).split(" ");
            ticks.put(thread, Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
          }
        } catch (NoSuchFileException e) {
          // It has ended
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read the threads of this process", e);
    }
    return ticks;
  }
}
