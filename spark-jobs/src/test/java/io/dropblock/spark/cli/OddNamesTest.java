package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Commands on folders and files whose names have another meaning somewhere, and addresses. */
@ExtendWith(SparkInThisJvm.class)
class OddNamesTest {
  @TempDir private Path folder;

  @Test
  void aNameIsANameInEachCommand() throws IOException {
    Path images = folder.resolve("p:q");
    draw(images);
    Path circles;
    try (Stream<Path> classes = Files.list(images.resolve("train"))) {
      circles = classes.sorted().findFirst().orElseThrow();
    }
    Path odd = circles.resolveSibling("10:00 50%20+a#b[c]?x\nd");
    Files.move(circles, odd);
    Files.move(
        images.resolve("val").resolve(circles.getFileName()),
        images.resolve("val").resolve(odd.getFileName()));
    Files.move(odd.resolve("0000.jpg"), odd.resolve("2020-01-01T10:00:00.jpg"));
    String data = folder.resolve("o:13 %41#").toString();
    String run = folder.resolve("exp:1 [a]+").toString();

    Answer prepared = Answer.to("prepare", images.toString(), "--out", data);
    assertThat(prepared.error()).isEmpty();
    assertThat(prepared.out()).contains("6 classes, 24 images to train on, 12 to validate on");
    Answer checked = Answer.to("prepare", "--check", data);
    assertThat(checked.out()).contains("Checked " + data + ": ").contains("36 records, no damage");
    Answer trained =
        Answer.to(
            "train",
            "demo",
            "--data",
            data,
            "--run",
            run,
            "--set",
            "train.epochs=1",
            "--set",
            "train.local_batch=8",
            "--set",
            "model.width=4",
            "--set",
            "train.world=2");
    assertThat(trained.error()).isEmpty();
    assertThat(trained.out()).contains("epoch 1/1").contains("Run folder: " + run);
    Answer evaluated = Answer.to("evaluate", run, "--data", data);
    assertThat(evaluated.error()).isEmpty();
    assertThat(evaluated.out()).contains("12 images");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(images, Path.of(data), Path.of(run));
    }
  }

  private static void draw(Path images) throws IOException {
    org.apache.hadoop.fs.Path path = HadoopPath.of(images.toString(), new Configuration(false));
    new DrawnShapes(1).write(HadoopPath.fileSystem(path, new Configuration(false)), path, 4, 2);
  }

  @Test
  void anErrorHasTheFullAddress() {
    String out = folder.resolve("out").toString();
    assertThat(Answer.to("prepare", "hdfs://127.0.0.1:9/p0", "--out", out).error())
        .startsWith("Cannot list hdfs://127.0.0.1:9/p0: ")
        .contains("Connection refused")
        .hasLineCount(1);
    assertThat(Answer.to("prepare", "p0", "--out", out).error())
        .startsWith(
            "Cannot list images in " + Path.of("p0").toAbsolutePath() + ": there is no such");
    assertThat(Answer.to("prepare", "hdfs://nosuchhost.invalid/p0", "--out", out).error())
        .startsWith(
            "Cannot reach hdfs://nosuchhost.invalid/p0: there is no host nosuchhost.invalid")
        .hasLineCount(1);
    assertThat(Answer.to("evaluate", "s3a://bucket/run", "--data", out).error())
        .startsWith(
            "Cannot reach s3a://bucket/run: no file system for s3a: is on the class path; add ")
        .hasLineCount(1);
    assertThat(Answer.to("train", "demo", "--data", "hdfs://127.0.0.1:9/d", "--run", out).error())
        .startsWith("Cannot read hdfs://127.0.0.1:9/d/manifest.json: ")
        .contains("Connection refused")
        .hasLineCount(1);
  }
}
