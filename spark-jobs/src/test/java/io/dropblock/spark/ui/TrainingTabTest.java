package io.dropblock.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.report.evaluated.MeasuredImages;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

class TrainingTabTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

  private static final String RUN = ToldRun.opened().getAddress();

  @TempDir private Path folder;

  @Test
  void showsARunAsItGoesAndInTheHistoryServer() throws Exception {
    String application;
    try (JavaSparkContext spark = LocalSpark.start(1, settings())) {
      application = spark.sc().applicationId();
      TrainingTab.attach(spark.sc());
      String tab = spark.sc().uiWebUrl().get() + "/training/";
      assertThat(page(tab)).contains("No training yet");
      RunWatch watch = RunWatch.open(spark.sc(), ToldRun.opened(), List.of());
      watch.show(MeasuredImages.told(1));
      ToldRun.tell(watch);
      watch.show(MeasuredImages.told(3));
      await().atMost(Duration.ofSeconds(30)).until(() -> page(tab).contains("done: 3 of 3 epochs"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> page(tab).contains("evaluation after epoch 3"));
      assertShown(page(tab));
      JsonNode lines = new ObjectMapper().readTree(page(tab + "json/"));
      assertThat(lines).hasSize(1 + 1 + ToldRun.EPOCHS * (ToldRun.STEPS + 1) + 5);
      assertThat(lines.get(0).get("event").asText()).isEqualTo("started");
      assertThat(lines).allMatch(line -> line.get("run").asText().equals(RUN));
      assertThat(page(spark.sc().uiWebUrl().get() + "/jobs/"))
          .contains("/training/\">Training</a>");
    }
    SparkConf conf =
        new SparkConf().set("spark.history.fs.logDirectory", folder.toUri().toString());
    conf.set("spark.ui.enabled", "true");
    SecurityManager security =
        new SecurityManager(
            conf,
            Option.empty(),
            org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
    FsHistoryProvider provider = new FsHistoryProvider(conf);
    HistoryServer server = new HistoryServer(conf, provider, security, 0);
    server.bind();
    provider.start();
    try {
      String tab =
          "http://localhost:" + server.boundPort() + "/history/" + application + "/training/";
      await()
          .atMost(Duration.ofSeconds(40))
          .ignoreExceptions()
          .until(() -> page(tab).contains("done: 3 of 3 epochs"));
      assertShown(page(tab));
    } finally {
      server.stop();
    }
  }

  @Test
  void aRunOfManyStepsIsToldInFewLines() {
    List<Object> told = new ArrayList<>();
    RunWatch watch = new RunWatch(told::add, "/runs/long");
    watch.accept(new RunEvent.Started("long", 1, 1, 3, 100_000, 0, 1, 1));
    for (long step = 0; step < 300_000; step++) {
      watch.accept(ToldRun.steps((int) (step / 100_000), step));
    }
    assertThat(told).hasSizeBetween(3_000, 4_100);
    long bytes = told.stream().mapToLong(it -> ((TrainingEvent) it).getLine().length()).sum();
    assertThat(bytes).isLessThan(2_000_000);
  }

  @Test
  void anApplicationWithoutAUiHasNoTab() {
    try (JavaSparkContext spark = LocalSpark.start(1)) {
      TrainingTab.attach(spark.sc());
      assertThat(spark.sc().ui().isEmpty()).isTrue();
    }
  }

  /** So that the heap does not grow with the epochs; a new run begins without. */
  @Test
  void theStoreHoldsTheLastPictureAlone() throws Exception {
    InMemoryStore store = new InMemoryStore();
    TrainingStory story = new TrainingStory(store);
    RunWatch watch = new RunWatch(story::onOtherEvent, RUN);
    watch.show(MeasuredImages.told(1));
    assertThat(store.count(StoredSheet.class)).isZero();
    story.onOtherEvent(ToldRun.opened());
    ToldRun.tell(watch);
    assertThat(TrainingStory.runs(store).get(0).evaluated()).isNull();
    for (int epochs = 1; epochs <= 3; epochs++) {
      watch.show(MeasuredImages.told(epochs));
      assertThat(store.count(StoredSheet.class)).isEqualTo(1);
      assertThat(TrainingStory.runs(store).get(0).evaluated().epochs()).isEqualTo(epochs);
    }
    ObjectMapper json = new ObjectMapper();
    StoredSheet sheet = store.read(StoredSheet.class, RUN);
    assertThat(json.readValue(json.writeValueAsBytes(sheet), StoredSheet.class).getJpeg())
        .isEqualTo(sheet.getJpeg());
    story.onOtherEvent(ToldRun.opened());
    assertThat(store.count(StoredSheet.class)).isZero();
  }

  /** The first one goes on when the second has ended and a third begins. */
  @Test
  void runsSideBySideAreNotMixed() throws Exception {
    InMemoryStore store = new InMemoryStore();
    TrainingStory story = new TrainingStory(store);
    RunWatch first = begin(story, "first");
    RunWatch second = begin(story, "second");
    ToldRun.epoch(second, 0);
    ToldRun.epoch(first, 0);
    second.show(MeasuredImages.told(1));
    ToldRun.epoch(second, 1);
    second.close();
    assertThat(told(store)).containsExactly("first 1 -", "second 2 1");
    RunWatch third = begin(story, "third");
    ToldRun.epoch(first, 1);
    ToldRun.epoch(first, 2);
    first.show(MeasuredImages.told(3));
    second.accept(new RunEvent.Note("late"));
    first.close();
    third.close();
    assertThat(told(store)).containsExactly("first 3 3", "third 0 -");
    story.onOtherEvent(ToldRun.opened("alone", false));
    assertThat(TrainingStory.lines(store)).containsOnlyKeys("/runs/alone");
  }

  private static RunWatch begin(TrainingStory story, String name) {
    TrainingOpened opened = ToldRun.opened(name, true);
    story.onOtherEvent(opened);
    RunWatch watch = new RunWatch(story::onOtherEvent, opened.getAddress());
    watch.accept(new RunEvent.Started(name, 2, 64, ToldRun.EPOCHS, ToldRun.STEPS, 0, 640, 1234));
    return watch;
  }

  /** Name, epochs, and the epochs of the picture. */
  private static List<String> told(InMemoryStore store) throws Exception {
    return TrainingStory.runs(store).stream()
        .map(
            run ->
                run.name()
                    + " "
                    + run.events().stream().filter(RunEvent.Epoch.class::isInstance).count()
                    + " "
                    + (run.evaluated() == null ? "-" : run.evaluated().epochs()))
        .toList();
  }

  /** Which told of one run after the other, and did not name it. */
  @Test
  void logsOfOlderVersionsAreRead() throws Exception {
    InMemoryStore store = new InMemoryStore();
    TrainingStory story = new TrainingStory(store);
    for (String name : List.of("first", "second")) {
      story.onOtherEvent(
          older(
              TrainingOpened.class,
              Map.of("name", name, "address", "/runs/" + name, "recipe", "")));
      List<Object> lines = new ArrayList<>();
      ToldRun.tell(new RunWatch(lines::add, ""));
      for (Object line : lines) {
        story.onOtherEvent(
            older(TrainingEvent.class, Map.of("line", ((TrainingEvent) line).getLine())));
      }
    }
    assertThat(told(store)).containsExactly("second 3 -");
  }

  private static SparkListenerEvent older(Class<?> event, Map<String, String> values)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode line = json.valueToTree(values);
    line.put("Event", event.getName());
    return (SparkListenerEvent) json.treeToValue(line, event);
  }

  private Map<String, String> settings() {
    return Map.of(
        "spark.ui.enabled", "true",
        "spark.ui.port", "0",
        "spark.eventLog.enabled", "true",
        "spark.eventLog.dir", folder.toUri().toString());
  }

  private static void assertShown(String page) {
    int all = ToldRun.EPOCHS * ToldRun.STEPS;
    assertThat(
            Pattern.compile("data-points=\"(\\d+)\"")
                .matcher(page)
                .results()
                .map(it -> Integer.parseInt(it.group(1))))
        .containsExactly(all, ToldRun.EPOCHS, all, all, all, ToldRun.EPOCHS);
    assertThat(page.split("<img class=\"sheet\"", -1)).hasSize(2);
    assertThat(page)
        .contains("Images of the evaluation after epoch 3", "src=\"data:image/jpeg;base64,/9j/")
        .contains("alt=\"Largest loss after epoch 3: #");
    assertThat(page.indexOf("class=\"sheet\""))
        .isBetween(page.lastIndexOf("data-points"), page.indexOf("<h2>Epochs"));
    assertThat(page)
        .doesNotContain(ToldRun.HOSTILE)
        .contains("&lt;script&gt;alert(1)", "went on with step 11");
    String body = page.substring(page.indexOf("<div id=\"training\">"));
    assertThat(body.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
  }

  private static String page(String address) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(address).isEqualTo(200);
    return response.body();
  }
}
