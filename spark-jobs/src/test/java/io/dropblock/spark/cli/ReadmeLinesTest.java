package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.spark.data.source.DrawnShapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines of README.md under "Your own images", as they are there: from images to an exported
 * network. Paths go into a folder of the test's own, images are drawn, and {@link #SHORT} makes the
 * recipe small; nothing else is changed.
 */
@ExtendWith(SparkInThisJvm.class)
class ReadmeLinesTest {
  private static final Path README = Path.of("../README.md");
  private static final String SECTION = "## Your own images";
  private static final String SCRIPT = "./submit.sh ";
  private static final int LINES = 8;

  /** Their first argument is a recipe; {@link #SHORT} comes behind whatever a line sets. */
  private static final Set<String> OF_A_RECIPE = Set.of("describe", "train");

  private static final List<String> SHORT =
      List.of(
          "--set", "train.epochs=1",
          "--set", "train.learning_rate=0.01",
          "--set", "train.world=1",
          "--set", "train.local_batch=4",
          "--set", "model.width=2",
          "--set", "data.size=64");

  /** What is followed by a path. */
  private static final Set<String> PATHS = Set.of("--data", "--run", "--out", "--images");

  @TempDir private Path folder;

  @Test
  void fromImagesToAnExportedNetwork() throws IOException {
    List<String> lines = lines();
    assertThat(lines).hasSize(LINES);
    assertThat(lines.stream().map(line -> line.split(" ")[0]))
        .containsSubsequence("prepare", "train", "report", "predict", "export");
    draw("photos/train", "photos/val", "new-photos");
    for (String line : lines) {
      Answer answer = Answer.to(arguments(line).toArray(String[]::new));
      assertThat(answer.error()).as(line).isEmpty();
      assertThat(answer.status()).as(line).isZero();
    }
    assertThat(folder.resolve("runs/photos/report.html")).isNotEmptyFile();
    try (Stream<Path> files = Files.list(folder.resolve("predictions"))) {
      assertThat(files.map(Path::toString)).anyMatch(name -> name.endsWith(".parquet"));
    }
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("photos.onnx")));
    assertThat(model.getGraph().getNodeCount()).isGreaterThan(50);
    Path weights = folder.resolve("photos.safetensors");
    try (InputStream file = Files.newInputStream(weights)) {
      assertThat(Safetensors.read(file, Files.size(weights)).tensors()).hasSizeGreaterThan(200);
    }
  }

  /** Without the script's name. */
  private static List<String> lines() throws IOException {
    String text = Files.readString(README);
    assertThat(text).contains(SECTION);
    String section = text.substring(text.indexOf(SECTION) + SECTION.length());
    return section
        .substring(0, section.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith(SCRIPT))
        .map(line -> line.substring(SCRIPT.length()).replaceAll(" *#.*", ""))
        .toList();
  }

  private List<String> arguments(String line) {
    String[] words = line.split(" +");
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      boolean path =
          i == 1 && !OF_A_RECIPE.contains(words[0]) || i > 0 && PATHS.contains(words[i - 1]);
      arguments.add(path ? folder.resolve(words[i]).toString() : words[i]);
    }
    if (OF_A_RECIPE.contains(words[0])) {
      arguments.addAll(SHORT);
    }
    return arguments;
  }

  /** Five classes of shapes, as the README's five of photographs. */
  private void draw(String train, String val, String unknown) throws IOException {
    Path drawn = folder.resolve("drawn");
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            new org.apache.hadoop.fs.Path(drawn.toString()),
            4,
            2);
    List<Path> classes;
    try (Stream<Path> folders = Files.list(drawn.resolve("train"))) {
      classes = folders.sorted().limit(5).toList();
    }
    Files.createDirectories(folder.resolve(train));
    Files.createDirectories(folder.resolve(val));
    for (Path one : classes) {
      String name = one.getFileName().toString();
      TinyRun.copy(drawn.resolve("val").resolve(name), folder.resolve(val).resolve(name));
      TinyRun.copy(one, folder.resolve(train).resolve(name));
    }
    TinyRun.copy(classes.get(0), folder.resolve(unknown));
  }
}
