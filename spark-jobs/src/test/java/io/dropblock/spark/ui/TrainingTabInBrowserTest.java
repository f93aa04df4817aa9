package io.dropblock.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.spark.data.LocalSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser sees it: Chromium, without a window. */
class TrainingTabInBrowserTest {
  @TempDir private Path folder;

  @Test
  void aBrowserShowsTheCurvesAndComplainsOfNothing() throws Exception {
    Optional<Chromium> chromium = Chromium.find(folder);
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
                String shown = chromium.get().shown(address);
                // loss, top-1, rate, keep probability, what was kept, images per second
                assertThat(shown.split("<polyline", -1).length - 1).isEqualTo(6);
                assertThat(shown.contains("done: 3 of 3 epochs")).isTrue();
              });
      chromium.get().assertQuiet("localhost");
    }
  }
}
