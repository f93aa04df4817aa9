package io.dropblock.spark.train.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class TrainingGaugesTest {
  private static final String PREFIX =
      "_driver_plugin_io_dropblock_spark_train_progress_TrainingPlugin_";

  @Test
  void prometheusReadsThemFromTheDriver() throws Exception {
    Map<String, String> settings =
        Map.of(
            TrainingPlugin.SETTING,
            TrainingPlugin.class.getName(),
            "spark.ui.enabled",
            "true",
            "spark.ui.port",
            "0",
            "spark.metrics.conf.*.sink.prometheusServlet.class",
            "org.apache.spark.metrics.sink.PrometheusServlet",
            "spark.metrics.conf.*.sink.prometheusServlet.path",
            "/metrics/prometheus");
    try (JavaSparkContext spark = LocalSpark.start(1, settings)) {
      String address = spark.sc().uiWebUrl().get() + "/metrics/prometheus/";
      assertThat(value(address, "loss")).isEqualTo("NaN");
      Consumer<RunEvent> gauges = TrainingPlugin.gauges().orElseThrow();
      gauges.accept(new RunEvent.Started("recipe", 2, 64, 3, 10, 0, 640, 1234));
      gauges.accept(new RunEvent.Steps(0, 6, 1, 1.5, 64, .9, .93, .1));
      gauges.accept(new RunEvent.Failed(1, 3, 0, "an executor is lost", List.of()));
      Scores scores = new Scores(List.of(new Scores.Score("top-1", .5)), List.of(), List.of());
      gauges.accept(
          new RunEvent.Epoch(
              0,
              1.5,
              64,
              2,
              .9,
              .93,
              .1,
              scores,
              .5,
              Map.of(),
              List.of(rank(0), rank(1)),
              List.of()));

      assertThat(value(address, "loss")).isEqualTo("1.5");
      assertThat(value(address, "step")).isEqualTo("7.0");
      assertThat(value(address, "epoch")).isEqualTo("1.0");
      assertThat(value(address, "failures")).isEqualTo("1.0");
      assertThat(value(address, "primary_score")).isEqualTo("0.5");
      assertThat(value(address, "data_wait_share")).isEqualTo("0.125");
      assertThat(value(address, "rank_wait_share")).isEqualTo("0.25");
      for (String name : TrainingGauges.NAMES) {
        assertThat(value(address, name)).as(name).isNotEqualTo("NaN");
      }
    }
    assertThat(TrainingPlugin.gauges()).isEmpty();
  }

  private static RunEvent.RankTimes rank(int rank) {
    return new RunEvent.RankTimes(
        rank, "node", "1", 10, Map.of("data", 1., "forward", 5., "wait", 2.), 0, 0, 0);
  }

  private static String value(String address, String name)
      throws IOException, InterruptedException {
    String all =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return all.lines()
        .filter(line -> line.contains(PREFIX + name + "_Value{"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no gauge " + name));
  }
}
