package io.dropblock.spark.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code events.jsonl}: one JSON object a line, flushed line by line, so that it can be followed
 * while the run goes on. Where a file cannot be appended to, as in S3, the whole of it is written
 * again at the end of each epoch.
 */
public final class EventLog implements Consumer<RunEvent>, AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private final FileSystem files;
  private final Path path;
  private final List<RunEvent> written;

  /** Null where nothing can be appended. */
  private final FSDataOutputStream out;

  private boolean closed;

  private EventLog(FileSystem files, Path path, List<RunEvent> written) throws IOException {
    this.files = files;
    this.path = path;
    this.written = written;
    rewrite();
    boolean appends = files.hasPathCapability(path, CommonPathCapabilities.FS_APPEND);
    this.out = appends ? files.append(path) : null;
  }

  /**
   * Opens the log of a run that begins or goes on. Lines of steps and epochs that will be done
   * again are dropped, and so is a last line that a dying driver left half-written.
   *
   * @param epochs epochs that are done
   * @param step the step that the run will do next
   */
  static EventLog open(FileSystem files, Path path, int epochs, long step) throws IOException {
    List<RunEvent> kept = new ArrayList<>();
    for (RunEvent event : read(files, path)) {
      if (isDone(event, epochs, step)) {
        kept.add(event);
      }
    }
    return new EventLog(files, path, kept);
  }

  private static Path temporary(Path path) {
    return path.suffix(".tmp");
  }

  private void rewrite() throws IOException {
    Path rewritten = temporary(path);
    try (FSDataOutputStream whole = files.create(rewritten, true)) {
      for (RunEvent event : written) {
        whole.write(line(event));
      }
    }
    files.delete(path, false);
    if (!files.rename(rewritten, path)) {
      throw new IOException("cannot rename " + rewritten + " to " + path);
    }
  }

  private static boolean isDone(RunEvent event, int epochs, long step) {
    if (event instanceof RunEvent.Steps steps) {
      return steps.step() < step;
    }
    return !(event instanceof RunEvent.Epoch epoch) || epoch.epoch() < epochs;
  }

  /** Reads a log; a last line that cannot be read is left out. None for a log that is not there. */
  public static List<RunEvent> read(FileSystem files, Path path) throws IOException {
    List<RunEvent> events = new ArrayList<>();
    // a driver that dies between two names leaves the temporary one, which is whole
    Path found = files.exists(path) ? path : temporary(path);
    if (!files.exists(found)) {
      return events;
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files.open(found), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          events.add(JSON.readValue(line, RunEvent.class));
        } catch (JsonProcessingException e) {
          if (lines.readLine() != null) {
            throw new TrainingException(
                String.format(
                    Locale.ROOT, "Cannot read %s: line %d is no event", path, events.size() + 1),
                e);
          }
          break;
        }
      }
    }
    return events;
  }

  /** What comes late, from a thread of Spark's, is dropped: its steps will be done again. */
  @Override
  public synchronized void accept(RunEvent event) {
    if (closed) {
      return;
    }
    try {
      if (out != null) {
        out.write(line(event));
        out.hflush();
        return;
      }
      written.add(event);
      if (event instanceof RunEvent.Epoch) {
        rewrite();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] line(RunEvent event) throws JsonProcessingException {
    return (JSON.writerFor(RunEvent.class).writeValueAsString(event) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (out != null) {
      out.close();
    } else {
      rewrite();
    }
  }
}
