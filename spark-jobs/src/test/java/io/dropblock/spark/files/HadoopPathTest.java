package io.dropblock.spark.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names with which Hadoop's own constructors have trouble, and addresses that lead nowhere. */
class HadoopPathTest {
  private final Configuration local = new Configuration(false);

  @TempDir private java.nio.file.Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-01-01T10:00:00.jpg",
        "exp:1",
        "a:b:c",
        "hdfs:x",
        "100%.jpg",
        "a%20b",
        "a+b",
        "a#b",
        "a?b=c",
        "[1]{2}*",
        "a b",
        "back\\slash",
        "two\nlines",
        "été",
        "~"
      })
  void aNameIsAName(String name) throws IOException {
    Files.writeString(folder.resolve(name), "content");
    Path path = HadoopPath.in(new Path(folder.toString()), name);
    FileSystem files = HadoopPath.fileSystem(path, local);

    assertThat(path.getName()).isEqualTo(name);
    try (FSDataInputStream in = files.open(path)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("content");
    }
    assertThat(files.listStatus(new Path(folder.toString())))
        .extracting(FileStatus::getPath)
        .containsExactly(files.makeQualified(path));
    assertThat(HadoopPath.of(path.toString(), local)).isEqualTo(path);
    assertThat(HadoopPath.of(files.makeQualified(path).toString(), local)).isEqualTo(path);
    try (FSDataOutputStream out = files.create(HadoopPath.in(path.getParent(), name + ".copy"))) {
      out.write(1);
    }
    assertThat(folder.resolve(name + ".copy")).exists();
  }

  @Test
  void aRelativeOneBeginsAtTheWorkingFolder() {
    String here = java.nio.file.Path.of("").toAbsolutePath().toString();

    assertThat(HadoopPath.of("exp:1", local)).hasToString(here + "/exp:1");
    assertThat(HadoopPath.of("runs/exp:1", local)).hasToString(here + "/runs/exp:1");
    assertThat(HadoopPath.of("./a", local)).hasToString(here + "/a");
  }

  @Test
  void whereTheClusterHasAnotherFileSystemTheAddressIsFull() {
    Configuration cluster = new Configuration(false);
    cluster.set("fs.defaultFS", "hdfs://127.0.0.1:9");

    assertThat(HadoopPath.of("/data/p0", cluster)).hasToString("hdfs://127.0.0.1:9/data/p0");
    assertThat(HadoopPath.of("file:/data/p0", cluster)).hasToString("file:/data/p0");
  }

  @Test
  void addressesThatLeadNowhere() {
    assertThatThrownBy(() -> HadoopPath.of("s3a://bucket/x", local))
        .isInstanceOf(AddressException.class)
        .hasMessage(
            "Cannot reach s3a://bucket/x: no file system for s3a: is on the class path; "
                + "add --conf spark.jars.packages=org.apache.hadoop:hadoop-aws:3.3.4");
    assertThatThrownBy(() -> HadoopPath.of("gs://bucket/x", local))
        .hasMessageStartingWith("Cannot reach gs://bucket/x: no file system for gs:");
    assertThatThrownBy(() -> HadoopPath.of("hdfs://nosuchhost.invalid/x", local))
        .hasMessage(
            "Cannot reach hdfs://nosuchhost.invalid/x: there is no host nosuchhost.invalid");
    assertThatThrownBy(() -> HadoopPath.of("hdfs:///x", local))
        .hasMessageStartingWith("Cannot reach hdfs:/x: ");
    assertThatThrownBy(() -> HadoopPath.of(" ", local)).hasMessageContaining("it is empty");
  }
}
