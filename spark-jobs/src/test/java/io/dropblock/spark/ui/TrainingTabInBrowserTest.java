package io.dropblock.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.spark.data.LocalSpark;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser sees it: Chromium, without a window. */
class TrainingTabInBrowserTest {
  @TempDir private Path folder;

  @Test
  void aBrowserShowsTheCurvesAndComplainsOfNothing() throws Exception {
    Optional<String> chromium = chromium();
    assumeTrue(chromium.isPresent(), "there is no chromium on the PATH");
    try (JavaSparkContext spark =
        LocalSpark.start(1, Map.of("spark.ui.enabled", "true", "spark.ui.port", "0"))) {
      TrainingTab.attach(spark.sc());
      ToldRun.tell(RunWatch.open(spark.sc(), ToldRun.opened(), List.of()));
      String address = spark.sc().uiWebUrl().get() + "/training/";
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                String shown = shown(chromium.get(), address);
                // loss, top-1, rate, keep probability, what was kept, images per second
                assertThat(shown.split("<polyline", -1).length - 1).isEqualTo(6);
                assertThat(shown.contains("done: 3 of 3 epochs")).isTrue();
              });
      assertThat(Files.readString(folder.resolve("log"))).doesNotContain("CONSOLE");
      assertThat(hosts()).containsExactly("localhost");
    }
  }

  /** The document behind its scripts. */
  private String shown(String chromium, String address) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("profile"),
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
            "--virtual-time-budget=25000",
            "--enable-logging=stderr",
            "--log-net-log=" + folder.resolve("net"),
            "--dump-dom",
            address);
    File page = folder.resolve("page").toFile();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(page)
            .redirectError(folder.resolve("log").toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("chromium ends").isTrue();
    return Files.readString(page.toPath());
  }

  /** Those that were asked for anything, but for the browser's own. */
  private List<String> hosts() throws IOException {
    return Pattern.compile("\"url\":\"https?://([^/:\"]+)")
        .matcher(Files.readString(folder.resolve("net")))
        .results()
        .map(found -> found.group(1))
        .filter(host -> !host.matches("(.*\\.)?(google|gvt1|googleapis)\\.com"))
        .distinct()
        .toList();
  }

  private static Optional<String> chromium() {
    List<String> folders =
        new ArrayList<>(List.of(System.getenv("PATH").split(File.pathSeparator)));
    return Stream.of("chromium", "chromium-browser")
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
