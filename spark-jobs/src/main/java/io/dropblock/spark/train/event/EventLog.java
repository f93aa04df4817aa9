package io.dropblock.spark.train.event;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.failure.WriteFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code events.jsonl}: an {@link EventLine} each, flushed line by line, so that it can be followed
 * while the run goes on. Where a file cannot be appended to, as in S3, the whole of it is written
 * again at the end of each epoch. A run that is told to end leaves a last line. Of a long run's
 * steps it holds as many slices as {@link Thinned} passes on.
 */
public final class EventLog implements Consumer<RunEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final FileSystem files;
  private final Path path;
  private final List<EventLine> written;

  /** Null where nothing can be appended. */
  private final FSDataOutputStream out;

  private final Thinned thinned = new Thinned(this::write);
  private final StopSignal stopSignal;

  /** Steps of the run that are done. */
  private long stepsDone;

  private int stepsPerEpoch;

  private boolean failed;
  private boolean closed;

  private EventLog(FileSystem files, Path path, List<EventLine> written, long stepsDone)
      throws IOException {
    this.files = files;
    this.path = path;
    this.written = written;
    this.stepsDone = stepsDone;
    written.forEach(line -> line.event().ifPresent(this::look));
    rewrite();
    boolean appends = files.hasPathCapability(path, CommonPathCapabilities.FS_APPEND);
    this.out = appends ? files.append(path) : null;
    this.stopSignal = StopSignal.then(this::stop);
  }

  /**
   * Opens the log of a run that begins or goes on. Lines of steps and epochs that will be done
   * again are dropped; what cannot be read, such as a last line that a dying driver left
   * half-written, is set aside.
   *
   * @param epochs epochs that are done
   * @param step the step that the run will do next
   * @throws TrainingException if it cannot be written
   */
  public static EventLog open(FileSystem files, Path path, int epochs, long step) {
    try {
      LogFile log = LogFile.read(files, path);
      log.setDamagedAside(files, path);
      List<EventLine> kept = new ArrayList<>(log.lines());
      kept.removeIf(line -> line.event().filter(event -> event.isAhead(epochs, step)).isPresent());
      return new EventLog(files, path, kept, step);
    } catch (IOException | FSError e) {
      throw WriteFailure.of("event log", files, path, e);
    }
  }

  /** Looks for the length of an epoch. */
  private void look(RunEvent event) {
    if (event instanceof RunEvent.Started started) {
      stepsPerEpoch = started.stepsPerEpoch();
      thinned.begin(started);
    }
  }

  /** Reads what can be read of a log; none for a log that is not there. */
  public static List<RunEvent> read(FileSystem files, Path path) throws IOException {
    return LogFile.read(files, path).lines().stream()
        .flatMap(line -> line.event().stream())
        .toList();
  }

  private void rewrite() throws IOException {
    Path rewritten = LogFile.temporary(path);
    try (FSDataOutputStream whole = files.create(rewritten, true)) {
      for (EventLine line : written) {
        whole.write(line.bytes());
      }
    } catch (IOException | FSError e) {
      files.delete(rewritten, false);
      throw WholeFile.plain(e);
    }
    files.delete(path, false);
    if (!files.rename(rewritten, path)) {
      throw new IOException("cannot rename " + rewritten + " to " + path);
    }
  }

  /**
   * Writes a line. What comes late is dropped: steps that will be done again, as the log is closed,
   * or that are behind others that were told of.
   *
   * @throws TrainingException if it cannot be written; of steps, that is a warning, as their
   *     checkpoint tells whether the disk is full
   */
  @Override
  public synchronized void accept(RunEvent event) {
    if (closed) {
      return;
    }
    look(event);
    if (event instanceof RunEvent.Steps steps) {
      if (steps.step() < stepsDone) {
        return;
      }
      stepsDone = steps.step() + 1;
    } else if (event instanceof RunEvent.Epoch epoch) {
      stepsDone = Math.max(stepsDone, (epoch.epoch() + 1L) * stepsPerEpoch);
    }
    try {
      thinned.accept(event);
      failed = false;
    } catch (UncheckedIOException | FSError e) {
      boolean before = failed;
      failed = true;
      if (!(event instanceof RunEvent.Steps)) {
        throw WriteFailure.of("event log", files, path, e);
      } else if (!before) {
        LOG.warn(
            "Cannot write event log {}: {}",
            WriteFailure.address(files, path),
            WriteFailure.reason(e));
      }
    }
  }

  private void write(RunEvent event) {
    EventLine line = EventLine.of(event, Instant.now());
    try {
      if (out == null) {
        written.add(line);
        if (event instanceof RunEvent.Epoch) {
          rewrite();
        }
        return;
      }
      if (failed) {
        // what is there may end anywhere
        out.write('\n');
      }
      out.write(line.bytes());
      out.hflush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void stop() {
    try {
      accept(new RunEvent.Stopped(stepsDone - 1));
      close();
    } catch (TrainingException e) {
      LOG.warn(e.getMessage());
    }
  }

  /**
   * @throws TrainingException if something that was written may be lost
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopSignal.close();
    try {
      if (out != null) {
        out.close();
      } else {
        rewrite();
      }
    } catch (IOException | FSError e) {
      if (!failed) {
        throw WriteFailure.of("event log", files, path, e);
      }
    }
  }
}
