package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training on a standalone cluster of {@link ForeignSpark}, with its settings: the jar travels,
 * everything is authenticated and encrypted, the UI has https and is looked at through a gateway.
 * It ends with the bits of our own Spark's. Runs after the jar is made, where it is asked for: of
 * two runs on a loaded machine one had all links of the tab answered, and one had none for the
 * first style sheet (404), for a reason not found yet.
 */
@EnabledIfSystemProperty(
    named = "dropblock.foreign",
    matches = "true",
    disabledReason = "-Ddropblock.foreign=true runs it; not green yet")
class ForeignSparkIT {
  private static final Pattern UI = Pattern.compile("Spark UI: (https?)://[^:]+:(\\d+)\\s");
  private static final int EPOCHS = 2;

  @TempDir private Path folder;
  private Submission training;

  @AfterEach
  void end() {
    if (training != null) {
      training.end();
    }
  }

  @Test
  void trainsTheSameUnderAnotherSpark() throws Exception {
    ForeignSpark spark = ForeignSpark.layOut(folder);
    TestShards.write(
        folder.resolve("data"),
        TestShards.manifest(List.of(shard("train", 160)), List.of(shard("val", 64)), 5));
    Path cluster = Files.createDirectory(folder.resolve("cluster"));
    Set<String> jvms = new TreeSet<>();
    String printed;
    try (StandaloneCluster foreign = StandaloneCluster.start(cluster, spark)) {
      List<StandaloneCluster.Worker> workers =
          List.of(foreign.worker("127.0.0.1", "600m"), foreign.worker("127.0.0.2", "600m"));
      training =
          train(
              "foreign",
              spark.environment(),
              List.of(
                  "--cluster",
                  "standalone",
                  "--jar",
                  HistoryServerProcess.jar().toUri().toString(),
                  "--conf",
                  "spark.master=" + foreign.address(),
                  "--conf",
                  "spark.cores.max=2",
                  "--conf",
                  "spark.executor.memory=512m"));
      HttpClient client = HttpClient.newBuilder().sslContext(spark.trust()).build();
      String behind = ui(training);
      try (TinyReverseProxy known =
              new TinyReverseProxy(client, ForeignSpark.PROXY_BASE, behind, false);
          TinyReverseProxy told = new TinyReverseProxy(client, "/other/way", behind, true)) {
        URI tab = URI.create(known.address("/training/"));
        awaitFirstEpoch(training, () -> page(client, tab));
        signal("STOP", workers);
        try {
          lookThrough(client, known, told);
          ProcessHandle.allProcesses()
              .map(Submission::commandLine)
              .filter(line -> line.contains("org.apache.spark"))
              .filter(line -> line.contains(folder.toString()))
              .map(line -> line.replace('\0', ' '))
              .forEach(jvms::add);
        } finally {
          signal("CONT", workers);
        }
      }
      printed = training.succeed().text();
      assertThat(printed)
          .contains("taking the settings of " + spark.conf() + "/spark-defaults.conf, but for")
          .contains("spark.serializer");
    }
    assertThat(jvms)
        .anyMatch(line -> line.contains("SparkSubmit") && line.contains("-Dacme.driver=1"))
        .anyMatch(line -> line.contains("CoarseGrained") && line.contains("-Dacme.executor=1"));

    // for which submit.sh makes a secret
    training =
        train(
            "own",
            Map.of(),
            List.of(
                "--conf",
                "spark.executor.cores=1",
                "--conf",
                "spark.authenticate=true",
                "--conf",
                "spark.network.crypto.enabled=true"));
    training.succeed();
    String last = String.format(Locale.ROOT, "checkpoints/epoch-%04d", EPOCHS);
    assertThat(Submission.checksums(folder.resolve("foreign").resolve(last)))
        .hasSizeGreaterThan(1)
        .isEqualTo(Submission.checksums(folder.resolve("own").resolve(last)));
    assertThat(facts("foreign")).contains("\"Spark\":\"3.5.0\"");
    assertThat(facts("own")).doesNotContain("\"Spark\":\"3.5.0\"");

    replay(spark);
    SecretSearch search = new SecretSearch(spark.secrets());
    search.assertNotIn(String.join("\n", jvms), "the command lines of all JVMs");
    search.assertNotIn(printed, "what submit.sh printed");
    search.assertNotBelow(List.of(cluster, spark.events(), folder.resolve("foreign")));
  }

  private static String ui(Submission training) {
    Matcher ui =
        await()
            .atMost(Duration.ofMinutes(3))
            .until(
                () -> {
                  assertThat(training.isAlive()).as(training::text).isTrue();
                  return UI.matcher(training.text());
                },
                Matcher::find);
    assertThat(ui.group(1)).isEqualTo("https");
    return "https://localhost:" + ui.group(2);
  }

  /** From then on the tab has the ranks' logs. */
  private static void awaitFirstEpoch(Submission training, Callable<String> tab) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> {
              assertThat(training.isAlive()).as(training::text).isTrue();
              return tab.call();
            },
            text -> text.contains("data-points=") && text.contains("stderr"));
  }

  /** So that it still trains while all is looked at, however slow the machine is. */
  private static void signal(String name, List<StandaloneCluster.Worker> workers)
      throws IOException, InterruptedException {
    for (StandaloneCluster.Worker worker : workers) {
      for (ProcessHandle executor : worker.executors().toList()) {
        new ProcessBuilder("kill", "-" + name, "" + executor.pid()).start().waitFor();
      }
    }
  }

  private static void lookThrough(HttpClient client, TinyReverseProxy known, TinyReverseProxy told)
      throws Exception {
    for (TinyReverseProxy proxy : List.of(known, told)) {
      String address = proxy.address("/training/");
      String page = page(client, URI.create(address));
      int below = 0;
      int logs = 0;
      for (URI link : TinyReverseProxy.links(address, page)) {
        page(client, link);
        below += link.toString().startsWith(proxy.address("/")) ? 1 : 0;
        logs += link.toString().startsWith("https:") ? 1 : 0;
      }
      assertThat(below).as("styles, scripts and tabs").isGreaterThan(10);
      assertThat(logs).as("stdout and stderr of two executors").isEqualTo(4);
      assertThat(page(client, URI.create(address + "json/"))).contains("\"event\" : \"steps\"");
    }
    assertThat(page(client, URI.create(known.address("/environment/"))))
        .contains("spark.authenticate.secret", "spark.ssl.keyStorePassword")
        .contains("*********(redacted)")
        .doesNotContain("secret-", "password-");
  }

  /** In the other Spark's own history server. */
  private void replay(ForeignSpark spark) throws Exception {
    try (HistoryServerProcess history =
        HistoryServerProcess.start(
            spark.events(),
            HistoryServerProcess.jar() + ":" + spark.classPath(),
            folder.resolve("cluster/history.txt"))) {
      String log;
      try (Stream<Path> logs = Files.list(spark.events())) {
        log = logs.map(file -> file.getFileName().toString()).findFirst().orElseThrow();
      }
      String application = log.replace("eventlog_v2_", "");
      String tab = history.page("/history/" + application + "/training/");
      assertThat(tab).contains("done: " + EPOCHS + " of " + EPOCHS + " epochs", "data-points=");
    }
  }

  private static String page(HttpClient client, URI address) throws Exception {
    HttpResponse<String> response =
        client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() == 302) {
      return page(client, address.resolve(response.headers().firstValue("Location").orElseThrow()));
    }
    assertThat(response.statusCode()).as("%s", address).isEqualTo(200);
    return response.body();
  }

  private String facts(String run) throws IOException {
    return Files.readString(folder.resolve(run).resolve("events.jsonl"));
  }

  private Shard shard(String split, int records) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        split + "-00000.parquet",
        TestShards.records(split, records, 5),
        64);
  }

  private Submission train(String run, Map<String, String> environment, List<String> options)
      throws IOException {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(
            "--conf",
            "spark.driver.memory=512m",
            "--conf",
            "spark.dropblock.progress.interval=100ms"));
    arguments.addAll(List.of("train", "demo", "--data", "data", "--run", run));
    for (String setting :
        List.of(
            "data.classes=5",
            "data.size=16",
            "data.pad=2",
            "model.depth=20",
            "train.slots=4",
            "train.local_batch=4",
            "train.averaging.every=1",
            "train.epochs=" + EPOCHS)) {
      arguments.addAll(List.of("--set", setting));
    }
    return Submission.start(folder, environment, arguments);
  }
}
