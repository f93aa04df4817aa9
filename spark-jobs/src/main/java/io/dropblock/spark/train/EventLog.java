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
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code events.jsonl}: one JSON object a line, flushed line by line, so that it can be followed
 * while the run goes on.
 */
public final class EventLog implements Consumer<RunEvent>, AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private final FSDataOutputStream out;

  private EventLog(FSDataOutputStream out) {
    this.out = out;
  }

  /**
   * Opens the log of a run that begins or goes on. Lines of epochs that will be done again are
   * dropped, and so is a last line that a dying driver left half-written.
   *
   * @param firstEpoch the epoch that the run will do next
   */
  static EventLog open(FileSystem files, Path path, int firstEpoch) throws IOException {
    List<RunEvent> kept = new ArrayList<>();
    for (RunEvent event : read(files, path)) {
      if (epoch(event) < firstEpoch) {
        kept.add(event);
      }
    }
    Path rewritten = path.suffix(".tmp");
    try (EventLog log = new EventLog(files.create(rewritten, true))) {
      kept.forEach(log);
    }
    files.delete(path, false);
    if (!files.rename(rewritten, path)) {
      throw new IOException("cannot rename " + rewritten + " to " + path);
    }
    return new EventLog(files.append(path));
  }

  private static int epoch(RunEvent event) {
    if (event instanceof RunEvent.Steps steps) {
      return steps.epoch();
    }
    return event instanceof RunEvent.Epoch epoch ? epoch.epoch() : -1;
  }

  /** Reads a log; a last line that cannot be read is left out. None for a log that is not there. */
  public static List<RunEvent> read(FileSystem files, Path path) throws IOException {
    List<RunEvent> events = new ArrayList<>();
    if (!files.exists(path)) {
      return events;
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files.open(path), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          events.add(JSON.readValue(line, RunEvent.class));
        } catch (JsonProcessingException e) {
          if (lines.readLine() != null) {
            throw new TrainingException(
                "Cannot read %s: line %d is no event".formatted(path, events.size() + 1), e);
          }
          break;
        }
      }
    }
    return events;
  }

  @Override
  public void accept(RunEvent event) {
    try {
      out.write(
          (JSON.writerFor(RunEvent.class).writeValueAsString(event) + "\n")
              .getBytes(StandardCharsets.UTF_8));
      out.hflush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
