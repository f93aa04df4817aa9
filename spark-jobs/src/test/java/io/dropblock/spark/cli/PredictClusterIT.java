package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.StandaloneCluster;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * 990 images of CIFAR-10 and ten that are none, asked about by two executors of a standalone
 * cluster, one of which is killed. The driver is this JVM. Runs after the jar is made.
 */
@ExtendWith(SparkInThisJvm.class)
class PredictClusterIT {
  private static final int OF_A_CLASS = 99;
  private static final int PARTS = 16;

  @TempDir private Path folder;
  private StandaloneCluster cluster;

  @AfterEach
  void stop() {
    Stream.of("spark.cores.max", "spark.driver.host", "spark.driver.bindAddress")
        .forEach(System::clearProperty);
    Stream.of("spark.executor.memory", "spark.executor.extraClassPath")
        .forEach(System::clearProperty);
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aThousandImagesAreAThousandRowsWhateverIsKilled() throws IOException, InterruptedException {
    images();
    run("prepare", path("raw"), "--out", path("data"));
    Answer trained =
        new TinyRun(folder.resolve("data"), folder.resolve("run"))
            .train("--set", "data.classes=10", "--set", "train.epochs=1");
    assertThat(trained.status()).as(trained::toString).isZero();
    run("evaluate", path("run"), "--data", path("data"), "--json", path("scores.json"));
    double top1 =
        new ObjectMapper()
            .readTree(folder.resolve("scores.json").toFile())
            .at("/main/top-1")
            .asDouble();

    cluster = StandaloneCluster.start(folder);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(
            () -> {
              URI master = URI.create(cluster.address());
              new Socket(master.getHost(), master.getPort()).close();
              return true;
            });
    settings().forEach(System::setProperty);
    StandaloneCluster.Worker worker = cluster.worker("127.0.0.1", "600m");
    cluster.worker("127.0.0.2", "600m");
    Answer quiet = predict("quiet");
    assertThat(quiet.status()).as(quiet::toString).isZero();
    assertThat(quiet.out()).contains("Predicted 1,000 images in ", "Broken: 10 images");

    CompletableFuture<Answer> disturbed = CompletableFuture.supplyAsync(() -> predict("disturbed"));
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> disturbed.isDone() || finished("disturbed") > 0);
    assertThat(worker.executors().findFirst().map(ProcessHandle::destroyForcibly))
        .as(() -> disturbed.isDone() ? disturbed.join().toString() : "no executor")
        .contains(true);
    assertThat(finished("disturbed")).isBetween(1L, PARTS - 1L);
    assertThat(disturbed.join().status()).as(disturbed.join()::toString).isZero();

    assertThat(rows("disturbed")).hasSize(1000).isEqualTo(rows("quiet"));
    System.setProperty("spark.master", "local[2]");
    Row counted = counted("disturbed");
    assertThat(counted.getLong(0)).isEqualTo(1000);
    assertThat(counted.getLong(1)).isEqualTo(10);
    assertThat(counted.getLong(2)).as("none without a reason or a prediction").isEqualTo(1000);
    assertThat(counted.getLong(3) / 990.0).isEqualTo(top1);
    System.out.printf(Locale.ROOT, "%d of 990 right, top-1 %s%n", counted.getLong(3), top1);
  }

  private Map<String, String> settings() {
    return Map.of(
        "spark.master", cluster.address(),
        "spark.cores.max", "2",
        "spark.driver.host", "127.0.0.1",
        "spark.driver.bindAddress", "127.0.0.1",
        "spark.executor.memory", "512m",
        "spark.executor.extraClassPath", System.getProperty("java.class.path"));
  }

  /** Real images to train and to validate on, and the latter with ten broken ones beside them. */
  private void images() throws IOException, InterruptedException {
    Path tar =
        Path.of(System.getProperty("dropblock.test.data", "absent"), "cifar10-imagefolder.tar");
    Assumptions.assumeTrue(
        Files.exists(tar), "no CIFAR-10 at " + tar + " (system property dropblock.test.data)");
    Process unpacked =
        new ProcessBuilder("tar", "xf", tar.toString(), "-C", folder.toString(), "cifar10/val")
            .start();
    assertThat(unpacked.waitFor()).isZero();
    try (Stream<Path> classes = Files.list(folder.resolve("cifar10/val"))) {
      for (Path one : classes.toList()) {
        List<Path> files;
        try (Stream<Path> all = Files.list(one)) {
          files = all.sorted().toList();
        }
        for (int i = 0; i < files.size(); i++) {
          String split = i < OF_A_CLASS ? "raw/val" : "raw/train";
          copy(files.get(i), folder.resolve(split).resolve(one.getFileName()));
          if (i < OF_A_CLASS) {
            copy(files.get(i), folder.resolve("photos").resolve(one.getFileName()));
          }
        }
      }
    }
    Path frogs = folder.resolve("photos/frog");
    byte[] jpeg;
    try (Stream<Path> all = Files.list(frogs)) {
      jpeg = Files.readAllBytes(all.sorted().findFirst().orElseThrow());
    }
    byte[] wrong = jpeg.clone();
    wrong[0] = 0;
    byte[] gif = jpeg.clone();
    System.arraycopy("GIF89a".getBytes(StandardCharsets.US_ASCII), 0, gif, 0, 6);
    List<byte[]> broken =
        List.of(
            new byte[0],
            "no image".getBytes(StandardCharsets.US_ASCII),
            new byte[1000],
            wrong,
            gif,
            Arrays.copyOf(jpeg, 2),
            Arrays.copyOf(jpeg, 200),
            Arrays.copyOf(jpeg, jpeg.length / 2),
            new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10},
            Arrays.copyOf(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}, 300));
    for (int i = 0; i < broken.size(); i++) {
      Files.write(frogs.resolve("broken" + i + (i % 2 == 0 ? ".jpg" : ".png")), broken.get(i));
    }
  }

  private static void copy(Path file, Path into) throws IOException {
    Files.createDirectories(into);
    Files.copy(file, into.resolve(file.getFileName()));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static void run(String... arguments) {
    Answer answer = Answer.to(arguments);
    assertThat(answer.status()).as(answer::toString).isZero();
  }

  private Answer predict(String out) {
    return Answer.to(
        "predict",
        path("run"),
        "--images",
        path("photos"),
        "--out",
        path(out),
        "--checkpoint",
        "latest",
        "--batch",
        "4");
  }

  /** Parts that are done so far. */
  private long finished(String out) throws IOException {
    Path notes = folder.resolve("." + out + ".unfinished/_prediction");
    if (!Files.exists(notes)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(notes)) {
      return all.filter(file -> file.toString().endsWith(".note.json")).count();
    }
  }

  private List<String> rows(String out) throws IOException {
    return PredictedRows.in(folder.resolve(out)).stream().map(Group::toString).toList();
  }

  /** Rows, those with a reason, those with it or a class, those whose class is their folder. */
  private Row counted(String out) {
    try (SparkSession spark = SparkSession.builder().appName("count").getOrCreate()) {
      return spark
          .sql(
              "SELECT count(*), count(broken), count(coalesce(broken, class)),"
                  + " count_if(class = element_at(split(name, '/'), 1)) FROM parquet.`"
                  + path(out)
                  + "`")
          .first();
    }
  }
}
