package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole road by submit.sh, on two executors in JVMs of their own. Runs after the jar is made.
 */
class DemoIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void theDemoTrainsOnTwoExecutors() throws IOException, InterruptedException {
    Path script = Path.of("..", "submit.sh").toAbsolutePath().normalize();
    Path printed = folder.resolve("printed");
    // A relative path: executors have working folders of their own.
    Process submit =
        new ProcessBuilder(
                "bash", script.toString(), "demo", "--out", "demo", "--set", "train.epochs=3")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(submit.waitFor()).as(() -> text(printed)).isZero();

    List<JsonNode> events = events(folder.resolve("demo/run/events.jsonl"));
    assertThat(events.get(0).get("world").asInt()).isEqualTo(2);
    List<JsonNode> epochs =
        events.stream().filter(event -> event.get("event").asText().equals("epoch")).toList();
    assertThat(epochs).hasSize(3);
    assertThat(epochs.get(2).get("loss").asDouble())
        .isLessThan(epochs.get(0).get("loss").asDouble());
    assertThat(epochs.get(2).get("keep_probability").asDouble()).isBetween(.9, .901);
    assertThat(epochs.get(2).get("kept_fraction").asDouble()).isBetween(.9, .99);
    assertThat(text(printed))
        .contains("Spark UI: http://127.0.0.1:")
        .contains("Where to look next");
    assertThat(folder.resolve("demo/run/checkpoints/epoch-0003/manifest.json")).exists();
  }

  private static List<JsonNode> events(Path file) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(JSON.readTree(line));
    }
    return events;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
