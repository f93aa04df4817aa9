package io.dropblock.spark.train.event;

import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.failure.WriteFailure;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an {@link EventLog} left, which may be damaged: a dying driver leaves half a line, a disk
 * anything.
 *
 * @param lines that can be read
 * @param damaged the others
 */
record LogFile(List<EventLine> lines, List<byte[]> damaged) {
  private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

  /** Where a log is written again, before it gets its name. */
  static Path temporary(Path path) {
    return path.suffix(".tmp");
  }

  /**
   * Reads a log; nothing of one that is not there. Of what an older version wrote the steps that
   * are an epoch's mean are left out, which the epoch has, too.
   */
  static LogFile read(FileSystem files, Path path) throws IOException {
    List<EventLine> lines = new ArrayList<>();
    List<byte[]> damaged = new ArrayList<>();
    for (byte[] line : split(bytes(files, path))) {
      Optional<EventLine> read = EventLine.parse(line);
      read.ifPresentOrElse(next -> add(lines, next), () -> damaged.add(line));
    }
    return new LogFile(lines, damaged);
  }

  private static void add(List<EventLine> lines, EventLine next) {
    if (!lines.isEmpty() && lines.get(lines.size() - 1).isMeanOf(next)) {
      lines.remove(lines.size() - 1);
    }
    lines.add(next);
  }

  private static byte[] bytes(FileSystem files, Path path) throws IOException {
    // a driver that dies between two names leaves the temporary one, which is whole
    for (Path there : List.of(path, temporary(path))) {
      try (FSDataInputStream in = files.open(there)) {
        return in.readAllBytes();
      } catch (FileNotFoundException e) {
        // there is the other one, or none
      }
    }
    return new byte[0];
  }

  /** Lines without their ends; empty ones are left out. */
  private static List<byte[]> split(byte[] bytes) {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int at = 0; at <= bytes.length; at++) {
      if (at == bytes.length || bytes[at] == '\n') {
        if (at > from) {
          lines.add(Arrays.copyOfRange(bytes, from, at));
        }
        from = at + 1;
      }
    }
    return lines;
  }

  /** Writes what cannot be read to a file beside the log, and says so. */
  void setDamagedAside(FileSystem files, Path path) throws IOException {
    if (damaged.isEmpty()) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] line : damaged) {
      bytes.write(line);
      bytes.write('\n');
    }
    Path aside = path.suffix(".damaged-1");
    for (int copy = 2; files.exists(aside); copy++) {
      aside = path.suffix(".damaged-" + copy);
    }
    WholeFile.write(files, aside, bytes.toByteArray());
    LOG.warn(
        "Event log {} is damaged: {} set aside in {}, the other {} kept",
        WriteFailure.address(files, path),
        damaged.size() == 1 ? "a line" : damaged.size() + " lines",
        aside.getName(),
        lines.size());
  }
}
