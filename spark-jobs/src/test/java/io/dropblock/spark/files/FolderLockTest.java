package io.dropblock.spark.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.train.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderLockTest {
  /** Whoever is alive is heard of long before the silence is long enough. */
  static final FolderLock.Rhythm QUICK =
      new FolderLock.Rhythm(Duration.ofMillis(20), Duration.ofMinutes(2), Duration.ofSeconds(1));

  /** For those whom nobody renews. */
  private static final FolderLock.Rhythm IMPATIENT =
      new FolderLock.Rhythm(Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofSeconds(1));

  @TempDir private java.nio.file.Path temporary;
  private java.nio.file.Path file;

  @BeforeEach
  void name() {
    file = temporary.resolve("work/.data.lock");
  }

  static FileSystem local() throws IOException {
    return FileSystem.getLocal(new Configuration());
  }

  static Path path(String file) {
    return new Path("file:" + file);
  }

  private static FileSystem store() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("fs.objects.impl", ObjectStore.class.getName());
    return new Path("objects:///").getFileSystem(configuration);
  }

  private Path pathIn(FileSystem fileSystem) {
    return new Path(fileSystem.getUri().getScheme() + ":" + file);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneAtATimeHasIt(boolean asObject) throws IOException {
    FileSystem files = asObject ? store() : local();
    try (FolderLock lock = FolderLock.take(files, pathIn(files), "prepare", QUICK)) {
      assertThatThrownBy(() -> FolderLock.take(files, pathIn(files), "prepare", QUICK))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "another prepare is writing it (process %d on ", ProcessHandle.current().pid())
          .hasMessageContaining("; lock " + files.makeQualified(pathIn(files)) + ")")
          .hasMessageEndingWith("; wait for it, or end it first");
      lock.check();
    }
    assertThat(temporary.resolve("work")).isEmptyDirectory();
    FolderLock.take(files, pathIn(files), "prepare", QUICK).close();
  }

  @Test
  void aProcessThatLivesKeepsItAndADeadOneDoesNot() throws Exception {
    Process holder = LockingMain.start(file);
    try {
      assertThatThrownBy(() -> FolderLock.take(local(), path(file.toString()), "train", QUICK))
          .hasMessageStartingWith("another prepare is writing it (process %d on ", holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(file).exists();
    // with two minutes of patience: nobody waits for a process that can be seen to be gone
    FolderLock.take(local(), path(file.toString()), "train", QUICK).close();
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatNobodyRenewsIsTakenOver(boolean asObject) throws IOException {
    FileSystem files = asObject ? store() : local();
    LockHolder elsewhere = new LockHolder("1", "prepare", "node7", "another kernel", 1, "2026");
    leave(elsewhere.bytes());
    FolderLock.take(files, pathIn(files), "prepare", IMPATIENT).close();
    leave(new byte[0]);
    FolderLock.take(files, pathIn(files), "prepare", IMPATIENT).close();
    assertThat(file).doesNotExist();
  }

  @Test
  void whoStoodStillLearnsOfItsSuccessor() throws IOException {
    try (FolderLock lock = FolderLock.take(local(), path(file.toString()), "prepare", IMPATIENT)) {
      LockHolder other = new LockHolder("1", "prepare", "node7", "another kernel", 1, "2026");
      leave(other.bytes());
      assertThatThrownBy(lock::check)
          .hasMessageStartingWith(
              "another prepare has taken it over (process 1 on node7 since 2026; lock file:");
    }
    assertThat(file).as("the successor's").exists();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofManyAtATimeOneGetsIt(boolean left) throws Exception {
    if (left) {
      leave(new LockHolder("1", "prepare", "node7", "another kernel", 1, "2026").bytes());
    }
    int many = 8;
    CountDownLatch begin = new CountDownLatch(many);
    ConcurrentLinkedQueue<FolderLock> holders = new ConcurrentLinkedQueue<>();
    List<Future<Object>> tries = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      for (int i = 0; i < many; i++) {
        tries.add(
            threads.submit(
                () -> {
                  begin.countDown();
                  begin.await();
                  return holders.add(
                      FolderLock.take(local(), path(file.toString()), "prepare", IMPATIENT));
                }));
      }
      for (Future<Object> one : tries) {
        try {
          one.get();
        } catch (ExecutionException e) {
          assertThat(e).hasMessageContaining(" is writing it");
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(holders).hasSize(1);
    holders.element().check();
    holders.element().close();
  }

  @Test
  void aLockThatSomebodyDeletesComesBack() throws Exception {
    try (FolderLock lock = FolderLock.take(local(), path(file.toString()), "prepare", QUICK)) {
      Files.delete(file);
      while (!Files.exists(file)) {
        Thread.sleep(5);
      }
      lock.check();
    }
    assertThat(file).doesNotExist();
  }

  private void leave(byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
