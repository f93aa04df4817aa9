package io.dropblock.spark.train;

import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of the last checkpoint within an epoch that this process began to write for a run. A
 * rank asks behind each of its steps, in a later epoch, too, where one ends before its checkpoint
 * does.
 */
final class WrittenWithin {
  private static final Logger LOG = LoggerFactory.getLogger(WrittenWithin.class);

  /** By the run's folder: several runs may have ranks in a process. */
  private static final Map<String, Future<Optional<RunEvent>>> LAST = new ConcurrentHashMap<>();

  private WrittenWithin() {}

  /**
   * @param folder of the run
   * @param write tells of it when it is written
   */
  static void begin(String folder, Future<Optional<RunEvent>> write) {
    LAST.put(folder, write);
  }

  /** What to tell of a run since this was asked last; throws what ended a write unforeseen. */
  static Optional<RunEvent> take(String folder) {
    Future<Optional<RunEvent>> last = LAST.get(folder);
    if (last == null || !last.isDone() || !LAST.remove(folder, last)) {
      return Optional.empty();
    }
    try {
      return result(last);
    } catch (IOException e) {
      // not even begun, as the process ends
      LOG.debug("No checkpoint", e);
      return Optional.empty();
    }
  }

  /**
   * What a write has come to, as if it had been done here.
   *
   * @param write that is done
   */
  static <T> T result(Future<T> write) throws IOException {
    try {
      return write.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      } else if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      } else if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
