package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.source.DrawnShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A training's folder {@code evaluated}, and its report. */
@ExtendWith(SparkInThisJvm.class)
class EvaluatedFilesTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            new org.apache.hadoop.fs.Path(folder.resolve("images").toString()),
            12,
            5);
    Answer prepared =
        Answer.to("prepare", folder.resolve("images").toString(), "--out", path("data"));
    assertThat(prepared.status()).isZero();
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Answer train(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "demo", "--data", path("data"), "--run", path(run)));
    for (String setting : List.of("train.local_batch=16", "model.width=2", "train.world=2")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private static JsonNode scores(String run) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(run).resolve("evaluated/scores.json").toFile());
  }

  @Test
  void areReplacedAndAreInTheReport() throws IOException {
    assertThat(train("first", "--set", "train.epochs=1").error()).isEmpty();
    assertThat(scores("first").get("epoch").asInt()).isEqualTo(1);
    Answer resumed = train("first", "--resume", "--set", "train.epochs=2");
    assertThat(resumed.error()).isEmpty();
    JsonNode scores = scores("first");
    assertThat(scores.get("epoch").asInt()).isEqualTo(2);
    assertThat(scores.get("what").asText()).isEqualTo("demo after 2 epochs");
    assertThat(scores.get("images").asInt()).isEqualTo(30);
    String lastEvent =
        Files.readAllLines(folder.resolve("first/events.jsonl")).stream()
            .filter(line -> line.contains("\"event\":\"epoch\""))
            .reduce((a, b) -> b)
            .orElseThrow();
    JsonNode told = new ObjectMapper().readTree(lastEvent).get("scores").get("main").get(0);
    assertThat(scores.get("main").get("top-1").asDouble()).isEqualTo(told.get("value").asDouble());
    long right = 0;
    for (int i = 0; i < 6; i++) {
      right += scores.get("confusion").get("counts").get(i).get(i).asLong();
    }
    assertThat(right / 30.).isEqualTo(told.get("value").asDouble());
    assertThat(Files.readString(folder.resolve("first/report.html")))
        .contains("Images of the evaluation after epoch 2", "accuracy circle", "true \\ predicted")
        .containsPattern(
            "<img class=\"sheet\" alt=\"Largest loss after epoch 2: #[^\"]+\" src=\"data:image/png;base64,iVBOR");
    // As an older version left it
    try (Stream<Path> files = Files.list(folder.resolve("first/evaluated"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    assertThat(Answer.to("report", path("first")).status()).isZero();
    assertThat(Files.readString(folder.resolve("first/report.html")))
        .contains("Curves")
        .doesNotContain("<img");
  }

  @Test
  void whereTheyCannotBeWrittenTheRunGoesOn() throws IOException {
    Files.createDirectory(folder.resolve("other"));
    Files.writeString(folder.resolve("other/evaluated"), "in the way");
    Answer answer = train("other", "--set", "train.epochs=2");
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).contains("Report: ");
    assertThat(folder.resolve("other/checkpoints/epoch-0002")).isDirectory();
  }
}
