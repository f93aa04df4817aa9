package io.dropblock.spark.files;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer a folder, on any Hadoop file system: a file says who writes, and its holder renews it
 * every few seconds. Nobody needs to clear up behind a process that died: its lock is free at once
 * for a process that can see that it is gone, on the same machine, and for any other one when it
 * was not renewed for a minute. No two clocks are compared.
 *
 * <p>A process that stood still for longer, or was cut off, may find its lock with another one:
 * {@link #check} before what must not be done twice.
 */
public final class FolderLock implements AutoCloseable {
  /**
   * How often a lock is renewed, and after what silence it is free.
   *
   * @param settle how long a process waits for others who took the lock at the same time, where the
   *     file system lets several do so
   */
  record Rhythm(Duration beat, Duration silence, Duration settle) {
    static final Rhythm USUAL =
        new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);
  private static final Set<String> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();
  private static final int MOST_TRIES = 20;
  private static final Duration POLL = Duration.ofMillis(200);

  /** Behind Spark, which stops first, and before Hadoop closes its file systems. */
  private static final int SHUTDOWN_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 10;

  private final LockFile file;
  private final LockHolder mine;
  private final ScheduledExecutorService beats;
  private final Runnable atExit = this::close;

  private FolderLock(LockFile file, LockHolder mine, Rhythm rhythm) {
    this.file = file;
    this.mine = mine;
    this.beats =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread daemon = new Thread(work, "lock " + file);
              daemon.setDaemon(true);
              return daemon;
            });
    long millis = rhythm.beat().toMillis();
    beats.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    ShutdownHookManager.get().addShutdownHook(atExit, SHUTDOWN_PRIORITY);
  }

  /**
   * Takes the lock of a folder, or finds out within seconds that another process has it. Where it
   * was left behind by a process of another machine that died, that takes a minute.
   *
   * @param file the lock's own, in the folder or beside it; folders above it are made
   * @param what this process does there, one word such as "prepare"
   * @throws IOException where it cannot be written, or another one has it: the message says who, as
   *     the reason behind "Cannot ...: "
   */
  public static FolderLock take(FileSystem fileSystem, Path file, String what) throws IOException {
    return take(fileSystem, file, what, Rhythm.USUAL);
  }

  static FolderLock take(FileSystem fileSystem, Path path, String what, Rhythm rhythm)
      throws IOException {
    LockFile file = new LockFile(fileSystem, path);
    LockHolder mine = LockHolder.ofThisProcess(what);
    file.makeFolder();
    boolean alone = file.isExclusive();
    OF_THIS_PROCESS.add(mine.id());
    try {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        if (file.create(mine)) {
          if (!alone) {
            sleep(rhythm.settle());
          }
          if (file.isOf(mine)) {
            return new FolderLock(file, mine, rhythm);
          }
          continue;
        }
        Optional<LockFile.Look> found = file.look();
        if (found.isPresent()) {
          awaitEnd(file, found.get(), rhythm);
          // Others may have waited for the same, and delete what one of them creates.
          alone = false;
          if (file.look().equals(found)) {
            file.delete();
          }
        }
      }
      throw new IOException("its lock " + file + " goes from hand to hand");
    } catch (IOException | RuntimeException | Error e) {
      OF_THIS_PROCESS.remove(mine.id());
      throw e;
    }
  }

  /** Returns when the holder has ended or is silent; throws when it is alive. */
  private static void awaitEnd(LockFile file, LockFile.Look found, Rhythm rhythm)
      throws IOException {
    LockHolder holder = found.holder();
    if (holder != null && OF_THIS_PROCESS.contains(holder.id())) {
      throw taken(file, holder);
    }
    if (holder != null && holder.hasEnded()) {
      return;
    }
    LOG.info("Waiting whether anybody renews the lock {} ({})", file, holder);
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < rhythm.silence().toNanos()) {
      sleep(POLL.compareTo(rhythm.beat()) < 0 ? POLL : rhythm.beat());
      Optional<LockFile.Look> now = file.look();
      if (now.isEmpty()) {
        return;
      }
      if (!now.get().equals(found)) {
        throw taken(file, now.get().holder());
      }
    }
    LOG.warn("The lock {} ({}) was not renewed and is taken over", file, holder);
  }

  private static IOException taken(LockFile file, LockHolder holder) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "another %s is writing it (%s; lock %s); wait for it, or end it first",
            holder == null ? "process" : holder.what(),
            holder == null ? "nobody has signed yet" : holder,
            file));
  }

  private static void sleep(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a lock", e);
    }
  }

  /**
   * Makes sure that this process still has the lock.
   *
   * @throws IOException where another one has taken it, as this one stood still for too long or was
   *     cut off, or where nobody can tell
   */
  public void check() throws IOException {
    LockHolder holder = file.look().map(LockFile.Look::holder).orElse(mine);
    if (!mine.equals(holder)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "another %s has taken it over (%s; lock %s), as this one was silent for too long",
              holder.what(),
              holder,
              file));
    }
  }

  private void beat() {
    try {
      if (file.isOf(mine)) {
        file.renew(mine);
      } else if (file.look().isEmpty()) {
        // Somebody deleted it; not for long, unless the folder is gone, too.
        file.create(mine);
      }
    } catch (IOException | RuntimeException | FSError e) {
      LOG.warn("Cannot renew the lock {}: {}", file, e.toString());
    }
  }

  /** Frees it. */
  @Override
  public void close() {
    beats.shutdown();
    try {
      beats.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!OF_THIS_PROCESS.remove(mine.id())) {
      return;
    }
    try {
      if (file.isOf(mine)) {
        file.delete();
      }
    } catch (IOException e) {
      LOG.warn("Cannot free the lock {}: {}", file, e.toString());
    }
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(atExit);
    }
  }
}
