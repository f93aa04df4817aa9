package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.spark.cli.assembly.OnnxChecker;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.ValueInfoProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Trained networks that find objects and label pixels leave in every form. */
@ExtendWith(SparkInThisJvm.class)
class ExportTasksTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;

  @Test
  void ofObjects() throws IOException, InterruptedException {
    new DrawnObjects(1).write(disk(), images(), 8, 4);
    train("shapes-detection");
    Path suppressed = onnx("suppressed", "--suppress", "--pixels");
    List<Path> models =
        List.of(onnx("plain"), onnx("unfolded", "--no-fold"), onnx("pixels", "--pixels"), suppressed);
    assertThat(outputs(models.get(0))).containsExactly("boxes", "scores");
    assertThat(outputs(suppressed)).containsExactly("boxes", "scores", "selected");
    weights();
    check(models);
  }

  @Test
  void ofLabelMaps() throws IOException, InterruptedException {
    new DrawnScenes(1).write(disk(), images(), 8, 4);
    train("shapes-segmentation");
    List<Path> models =
        List.of(onnx("plain"), onnx("unfolded", "--no-fold"), onnx("pixels", "--pixels"));
    assertThat(outputs(models.get(2))).containsExactly("logits", "labels");
    weights();
    check(models);
  }

  private void check(List<Path> models) throws IOException, InterruptedException {
    OnnxChecker.Answer answer = OnnxChecker.required(folder).check(models);
    assertThat(answer.status()).as(answer.text()).isZero();
    assertThat(answer.fine()).isEqualTo(models.size());
  }

  private static FileSystem disk() throws IOException {
    return FileSystem.getLocal(HADOOP).getRaw();
  }

  private org.apache.hadoop.fs.Path images() {
    return HadoopPath.of(path("images"), HADOOP);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void train(String recipe) {
    done("prepare", path("images"), "--out", path("data"));
    List<String> arguments =
        new ArrayList<>(List.of("train", recipe, "--data", path("data"), "--run", path("run")));
    for (String setting :
        List.of(
            "model.width=2",
            "task.pyramid_filters=4",
            "task.head_filters=4",
            "train.world=1",
            "train.epochs=1")) {
      arguments.addAll(List.of("--set", setting));
    }
    done(arguments.toArray(String[]::new));
  }

  private Path onnx(String name, String... options) {
    Path file = folder.resolve(name + ".onnx");
    export("onnx", file, options);
    return file;
  }

  private void weights() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    export("safetensors", file);
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(Safetensors.read(in, Files.size(file)).tensors())
          .containsKeys("stem/bn/var", "stem/conv/W")
          .doesNotContainKey("stem/bn/log10stdev");
    }
  }

  private void export(String format, Path file, String... options) {
    done(
        Stream.concat(
                Stream.of("export", path("run"), "--format", format, "--out", file.toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static void done(String... arguments) {
    Answer answer = Answer.to(arguments);
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
  }

  private static List<String> outputs(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getOutputList().stream()
        .map(ValueInfoProto::getName)
        .toList();
  }
}
