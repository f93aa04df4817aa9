package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A small network that finds drawn shapes, from images to scores, on two ranks. */
@ExtendWith(SparkInThisJvm.class)
class DetectionCommandTest {
  private static final List<String> TINY =
      List.of(
          "model.width=2",
          "task.pyramid_filters=4",
          "task.head_filters=4",
          "train.world=2",
          "train.epochs=2",
          "train.evaluate_every=1",
          "train.freeze_first_convolution=true");

  @TempDir private static Path folder;
  private static Answer trained;

  @BeforeAll
  static void train() throws IOException {
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    new DrawnObjects(1).write(disk, HadoopPath.of(path("images"), new Configuration()), 24, 8);
    assertThat(Answer.to("prepare", path("images"), "--out", path("data")).error()).isEmpty();
    trained = train("run");
    assertThat(trained.error()).isEmpty();
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Answer train(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "shapes-detection", "--data", path("data"), "--run", path(run)));
    TINY.forEach(one -> arguments.addAll(List.of("--set", one)));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  @Test
  void tellsCocosNumbers() {
    assertThat(trained.status()).isZero();
    assertThat(trained.out()).containsPattern("epoch +loss +AP % +AP50 % +AP75 %");
    Checkpoint first = checkpoint("run", "epoch-0001");
    Checkpoint last = checkpoint("run", "epoch-0002");
    assertThat(last.network().arrays().get(NetworkState.PARAMETERS))
        .isNotEqualTo(first.network().arrays().get(NetworkState.PARAMETERS));
  }

  /** Its last epoch falls away. */
  @Test
  void aRunThatIsCutOffGoesOnAsIfItWereNot() throws IOException {
    Map<String, byte[]> end = checkpoint("run", "epoch-0002").network().arrays();
    copy(folder.resolve("run"), folder.resolve("cut"));
    delete(folder.resolve("cut/checkpoints/epoch-0002"));
    Answer resumed = train("cut", "--resume");
    assertThat(resumed.error()).isEmpty();
    Map<String, byte[]> again = checkpoint("cut", "epoch-0002").network().arrays();
    assertThat(again).containsOnlyKeys(end.keySet()).containsOnlyKeys("parameters", "velocity");
    end.forEach((name, bytes) -> assertThat(again.get(name)).as(name).isEqualTo(bytes));
  }

  /** What is written is scored as what was measured. */
  @Test
  void writesItsDetections() {
    String file = path("found.json");
    Answer measured =
        Answer.to("evaluate", path("run"), "--data", path("data"), "--detections-out", file);
    assertThat(measured.error()).isEmpty();
    Answer scored =
        Answer.to(
            "evaluate",
            "--detections",
            file,
            "--annotations",
            path("images") + "/annotations/instances_val2017.json");
    assertThat(scored.error()).isEmpty();
    assertThat(scores(scored.out())).isEqualTo(scores(measured.out())).contains("AP50", "8 images");
    assertThat(scored.out()).contains("800 detections");
  }

  @Test
  void takesNothingForAClass() {
    Answer refused =
        Answer.to(
            "evaluate", path("run"), "--data", path("data"), "--confusion", path("matrix.csv"));
    assertThat(refused.error())
        .isEqualTo(
            "Cannot write --confusion "
                + path("matrix.csv")
                + ": run "
                + path("run")
                + " is for detection, its network takes nothing for a class\n");
  }

  /** Of the line that tells them. */
  private static String scores(String out) {
    String line = out.lines().filter(one -> one.contains("AP50")).findFirst().orElseThrow();
    return line.substring(line.indexOf(": AP "));
  }

  private static Checkpoint checkpoint(String run, String name) {
    Configuration configuration = new Configuration();
    return RunFolder.open(HadoopPath.of(path(run), configuration), configuration)
        .checkpoints()
        .named(name, line -> {});
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Files.copy(one, to.resolve(from.relativize(one).toString()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
