package io.dropblock.spark.preflight.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.FullDisk;
import io.dropblock.spark.preflight.RunFolderCheck;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run folders on real disks, and on file systems that refuse one thing. */
class ProbeFolderTest {
  @TempDir private Path folder;
  private final Configuration configuration = new Configuration();

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toString());
  }

  private List<String> left() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(one -> folder.relativize(one).toString()).sorted().toList();
    }
  }

  @Test
  void nothingIsLeftWhereTheFolderIsThereOrNot() throws IOException {
    Files.createDirectory(folder.resolve("there"));
    for (String name : List.of("there", "not/yet/there")) {
      List<Finding> findings = RunFolderCheck.of(path(name), Optional.empty(), configuration);
      assertThat(findings).extracting(Finding::verdict).containsOnly(Verdict.OK);
      assertThat(left()).containsExactly("", "there");
    }
  }

  @Test
  void aFileInItsPlace() throws IOException {
    Files.createFile(folder.resolve("file"));
    for (String name : List.of("file", "file/run")) {
      List<Finding> findings = RunFolderCheck.of(path(name), Optional.empty(), configuration);
      assertThat(findings.get(0).verdict()).isEqualTo(Verdict.FAULT);
      assertThat(findings.get(0).seen())
          .isEqualTo(
              "cannot write to " + path(name) + ": file:" + path("file") + " is not a directory");
      assertThat(findings.get(0).next()).startsWith("give a --run that can be written");
      assertThat(findings.get(1).verdict()).isEqualTo(Verdict.NOT_CHECKED);
    }
    assertThat(left()).containsExactly("", "file");
  }

  /** A disk that lets nobody write, as a mount that is read-only. */
  public static final class ReadOnlyDisk extends RawLocalFileSystem {
    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path made) throws IOException {
      throw new IOException("mkdir of " + made.getName().charAt(0) + ": Read-only file system");
    }
  }

  /** A disk that renames nothing, and says so as Hadoop's do. */
  public static final class NoRename extends RawLocalFileSystem {
    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
      return false;
    }
  }

  /** A disk whose folders look empty. */
  public static final class Forgetful extends RawLocalFileSystem {
    @Override
    public org.apache.hadoop.fs.FileStatus[] listStatus(org.apache.hadoop.fs.Path listed) {
      return new org.apache.hadoop.fs.FileStatus[0];
    }
  }

  @Test
  void disksThatRefuse() throws IOException {
    assertRefused(ReadOnlyDisk.class, "Read-only file system");
    assertRefused(NoRename.class, "cannot rename ");
    assertRefused(Forgetful.class, "is not listed in ");
  }

  private void assertRefused(Class<?> disk, String reason) throws IOException {
    Configuration conf = new Configuration();
    conf.set("fs.file.impl", disk.getName());
    conf.setBoolean("fs.file.impl.disable.cache", true);
    Finding finding = RunFolderCheck.of(path("run"), Optional.empty(), conf).get(0);
    assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
    assertThat(finding.seen()).startsWith("cannot write to " + path("run")).contains(reason);
    assertThatThrownBy(() -> ProbeFolder.requireWritable(path("run"), conf))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot write to run folder " + path("run") + ": ")
        .hasMessageContaining(reason);
    if (disk != Forgetful.class) {
      assertThat(left()).containsExactly("");
    }
  }

  @Test
  void aFullDisk() throws IOException {
    Configuration conf = new Configuration();
    conf.set(FullDisk.SETTING, FullDisk.class.getName());
    org.apache.hadoop.fs.Path run = new org.apache.hadoop.fs.Path("full:" + path("run"));
    FullDisk.left = 0;
    try {
      Finding finding = RunFolderCheck.of(run, Optional.empty(), conf).get(0);
      assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
      assertThat(finding.seen()).contains("No space left on device");
    } finally {
      FullDisk.left = Long.MAX_VALUE;
    }
    assertThat(left()).containsExactly("");
  }

  @Test
  void whoSeesAnotherFolderIsTold() throws IOException {
    try (ProbeFolder probe = ProbeFolder.in(path("run"), configuration)) {
      probe.write();
      ProbeFolder.join(probe.path(), probe.token(), "slot-0", configuration);
      assertThatThrownBy(() -> ProbeFolder.join(probe.path(), "other", "slot-1", configuration))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("reads otherwise");
      assertThatThrownBy(
              () -> ProbeFolder.join(path("elsewhere"), probe.token(), "slot-2", configuration))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("elsewhere");
      assertThat(probe.remaining()).isPositive();
    }
    assertThat(left()).containsExactly("");
  }
}
