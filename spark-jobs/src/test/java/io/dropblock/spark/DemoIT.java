package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole road by submit.sh, on two executors in JVMs of their own. Runs after the jar is made.
 */
class DemoIT {
  @TempDir private Path folder;

  @Test
  void theDemoTrainsOnTwoExecutors() throws IOException, InterruptedException {
    // A relative path: executors have working folders of their own.
    Submission submission =
        Submission.start(folder, List.of("demo", "--out", "demo", "--set", "train.epochs=3"))
            .succeed();

    List<JsonNode> events = Submission.events(folder.resolve("demo/run"));
    assertThat(events.get(0).get("world").asInt()).isEqualTo(2);
    List<JsonNode> epochs =
        events.stream().filter(event -> event.get("event").asText().equals("epoch")).toList();
    assertThat(epochs).hasSize(3);
    assertThat(epochs.get(2).get("loss").asDouble())
        .isLessThan(epochs.get(0).get("loss").asDouble());
    assertThat(epochs.get(2).get("keep_probability").asDouble()).isBetween(.9, .901);
    assertThat(epochs.get(2).get("kept_fraction").asDouble()).isBetween(.9, .99);
    assertThat(submission.text())
        .contains("Spark UI: http://127.0.0.1:")
        .contains("Where to look next");
    assertThat(folder.resolve("demo/run/checkpoints/epoch-0003/manifest.json")).exists();

    Submission stored =
        Submission.start(
                folder, List.of("prepare", "--check", "demo/data", "--describe", "demo/data"))
            .succeed();
    assertThat(stored.text())
        .contains("Checked " + folder.resolve("demo/data") + ": ")
        .contains("2,304 records, no damage found")
        .contains("Contact sheet: ");
  }
}
