package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.ui.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole road by submit.sh, on two executors in JVMs of their own, watched as it goes and in the
 * history server afterwards. Runs after the jar is made.
 */
class DemoIT {
  private static final Pattern UI = Pattern.compile("Spark UI: (http://\\S+)");

  @TempDir private Path folder;

  @Test
  void theDemoTrainsOnTwoExecutors() throws IOException, InterruptedException {
    Optional<Chromium> chromium = Chromium.find(folder);
    // enough that a browser has the time to look, where there is one
    int epochs = chromium.isPresent() ? 6 : 3;
    // A relative path: executors have working folders of their own.
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Submission submission =
        Submission.start(
            folder,
            List.of(
                "--conf",
                "spark.eventLog.enabled=true",
                "--conf",
                "spark.eventLog.dir=" + logs.toUri(),
                "demo",
                "--out",
                "demo",
                "--set",
                "train.epochs=" + epochs));
    watch(submission, chromium);
    submission.succeed();

    List<JsonNode> events = Submission.events(folder.resolve("demo/run"));
    assertThat(events.get(0).get("world").asInt()).isEqualTo(2);
    List<JsonNode> told =
        events.stream().filter(event -> event.get("event").asText().equals("epoch")).toList();
    assertThat(told).hasSize(epochs);
    assertThat(told.get(epochs - 1).get("loss").asDouble())
        .isLessThan(told.get(0).get("loss").asDouble());
    assertThat(told.get(epochs - 1).get("keep_probability").asDouble()).isBetween(.9, .901);
    assertThat(told.get(epochs - 1).get("kept_fraction").asDouble()).isBetween(.9, .99);
    assertThat(submission.text())
        .contains("Spark UI: http://127.0.0.1:")
        .contains("Where to look next");
    assertThat(folder.resolve("demo/run/checkpoints/epoch-000" + epochs + "/manifest.json"))
        .exists();

    // the second has never heard of us; they start while the data set is looked at
    try (HistoryServerProcess ours =
            HistoryServerProcess.start(logs, true, folder.resolve("history"));
        HistoryServerProcess stock =
            HistoryServerProcess.start(logs, false, folder.resolve("stock history"))) {
      assertStored();
      String application = application(logs);
      String tab = "/history/" + application + "/training/";
      assertCurves(ours.page(tab), ours.page(tab + "json/"));
      assertThat(ours.page(tab)).contains("done: " + epochs + " of " + epochs + " epochs");
      browse(ours.address() + tab, chromium);
      assertThat(stock.page("/history/" + application + "/jobs/"))
          .contains("train epoch " + epochs)
          .doesNotContain("/training/");
    }
  }

  private void assertStored() throws IOException, InterruptedException {
    Submission stored =
        Submission.start(
                folder, List.of("prepare", "--check", "demo/data", "--describe", "demo/data"))
            .succeed();
    assertThat(stored.text())
        .contains("Checked " + folder.resolve("demo/data") + ": ")
        .contains("2,304 records, no damage found")
        .contains("Contact sheet: ");
  }

  /** While the run goes on. */
  private static void watch(Submission submission, Optional<Chromium> chromium)
      throws IOException, InterruptedException {
    String tab =
        await()
            .atMost(Duration.ofMinutes(5))
            .until(() -> UI.matcher(submission.text()), Matcher::find)
            .group(1)
            .concat("/training/");
    await()
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptions()
        .until(() -> points(HistoryServerProcess.get(tab)) > 2);
    String before = HistoryServerProcess.get(tab + "json/");
    String page = HistoryServerProcess.get(tab);
    // no more was told meanwhile, or somewhere between
    long points = points(page);
    assertThat(points).isBetween(steps(before), steps(HistoryServerProcess.get(tab + "json/")));
    browse(tab, chromium);
  }

  private static void browse(String address, Optional<Chromium> chromium)
      throws IOException, InterruptedException {
    if (chromium.isEmpty()) {
      System.err.println("Not shown in a browser: there is no chromium on the PATH");
      return;
    }
    String shown = chromium.get().shown(address.replace("127.0.0.1", "localhost"));
    // loss, rate, keep probability and what was kept
    assertThat(shown.split("<polyline", -1).length - 1).as(shown).isGreaterThanOrEqualTo(4);
    chromium.get().assertQuiet("localhost");
  }

  private static void assertCurves(String page, String json) throws IOException {
    assertThat(points(page)).isPositive().isEqualTo(steps(json));
  }

  /** Of the first curve, the loss. */
  private static long points(String page) {
    Matcher matcher = Pattern.compile("data-points=\"(\\d+)\"").matcher(page);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static long steps(String json) throws IOException {
    long steps = 0;
    for (JsonNode event : new ObjectMapper().readTree(json)) {
      steps += event.get("event").asText().equals("steps") ? 1 : 0;
    }
    return steps;
  }

  private static String application(Path logs) throws IOException {
    try (Stream<Path> files = Files.list(logs)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("app-"))
          .findFirst()
          .orElseThrow();
    }
  }
}
