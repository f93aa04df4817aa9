package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mistakes that are told before Spark starts: with a master that there is none of, so that a
 * command that tried to start one would say so, and nothing else.
 */
@ExtendWith(SparkInThisJvm.class)
class ChecksBeforeSparkTest {
  private static final String NOWHERE = "nowhere";

  @TempDir private static Path shared;
  @TempDir private Path temporary;

  @BeforeAll
  static void makeDataAndARun() throws IOException {
    LocalFileSystem files = org.apache.hadoop.fs.FileSystem.getLocal(new Configuration());
    new DrawnShapes(1).write(files.getRaw(), new org.apache.hadoop.fs.Path(images()), 4, 2);
    assertThat(Answer.to("prepare", images(), "--out", data()).status()).isZero();
    Files.createDirectories(shared.resolve("run/checkpoints"));
    Files.writeString(
        shared.resolve("run/recipe.yaml"), Recipe.load("demo", List.of("seed=7")).toYaml());
  }

  @BeforeEach
  void thereIsNoCluster() {
    System.setProperty("spark.master", NOWHERE);
  }

  private static String images() {
    return shared.resolve("images").toString();
  }

  private static String data() {
    return shared.resolve("data").toString();
  }

  private static String run() {
    return shared.resolve("run").toString();
  }

  @Test
  void withoutAMistakeItIsTheClusterThatIsMissing() {
    assertFails(
        "Cannot start Spark on nowhere: Could not parse Master URL: 'nowhere'",
        train("demo", data(), fresh()));
    assertFails(
        "Cannot start Spark on nowhere: Could not parse Master URL: 'nowhere'",
        List.of("prepare", images(), "--out", fresh()));
  }

  @Test
  void aStandaloneMasterThatIsNotThere() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    System.setProperty("spark.master", "spark://127.0.0.1:" + port);
    assertFails(
        "Cannot start Spark on spark://127.0.0.1:"
            + port
            + ": nobody listens there (Connection refused); start that cluster (on this machine"
            + " cluster-configs/standalone/cluster.sh start), or give its address by --conf"
            + " spark.master=spark://HOST:PORT",
        train("demo", data(), fresh()));
  }

  /** It sends its parameters, and what is kept of each: by the optimizer, and the average. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed=1 | seed=1 | 2",
        "seed=1 | train.moving_average.decay=0.9 | 3",
        "train.optimizer={kind: adamw} | seed=1 | 3",
        "train.optimizer={kind: adamw} | train.moving_average.decay=0.9 | 4"
      })
  void whatARankSendsBackIsTooMuch(String optimizer, String average, int arrays) {
    List<String> settings = List.of(optimizer, average, "train.averaging.every=1");
    long most =
        new RecipeParts(Recipe.load("demo", settings)).summary().trainableParameters()
            * Float.BYTES
            * arrays;
    List<String> command = train("demo", data(), fresh());
    settings.forEach(one -> command.addAll(List.of("--set", one)));
    try {
      System.setProperty("spark.driver.maxResultSize", (most - 1) + "b");
      assertThat(Answer.to(command.toArray(String[]::new)).error())
          .startsWith(
              "Cannot use setting spark.driver.maxResultSize: '" + (most - 1) + "b', a rank");
      System.setProperty("spark.driver.maxResultSize", most + "b");
      assertFails("Cannot start Spark on nowhere: Could not parse Master URL: 'nowhere'", command);
    } finally {
      System.clearProperty("spark.driver.maxResultSize");
    }
  }

  @Test
  void dataThatIsMissingOrForAnotherRecipe() {
    String missing = temporary.resolve("missing").toString();
    assertFails(
        "Cannot read data set " + missing + ": it has no manifest.json, prepare it first",
        train("demo", missing, fresh()));
    assertFails(
        "Cannot use data set "
            + data()
            + " for cifar10-resnet20: it has 6 classes, the recipe 10 (data.classes)",
        train("cifar10-resnet20", data(), fresh()));
    for (String option : List.of("--check", "--describe")) {
      assertFails(
          "Cannot read data set " + missing + ": it has no manifest.json, prepare it first",
          List.of("prepare", option, missing));
    }
  }

  @Test
  void runsThatAreThereOrNotThereOrOthers() {
    assertFails(
        "Cannot start a run in " + run() + ": it holds one already; add --resume to go on with it",
        train("demo", data(), run()));
    assertFails(
        "Cannot open run " + fresh() + ": there is no such folder",
        train("demo", data(), fresh(), "--resume"));
    assertThat(Answer.to("train", "demo", "--data", data(), "--resume"))
        .isEqualTo(
            new Answer(
                2,
                "",
                "Cannot resume without a run folder: give --run DIR; see ./submit.sh train"
                    + " --help\n"));
    assertThat(Answer.to(train("demo", data(), run(), "--resume").toArray(String[]::new)).error())
        .startsWith("Cannot resume run " + run() + ": seed 7 -> 1 cannot change within a run");
    assertFails(
        "Cannot open run " + fresh() + ": there is no such folder",
        List.of("evaluate", fresh(), "--data", data()));
    assertThat(Answer.to("evaluate", run(), "--data", data()).error())
        .hasLineCount(1)
        .doesNotContain(NOWHERE)
        .contains(run());
  }

  @Test
  void aRunThatAnotherProcessTrains() throws IOException {
    try (FolderLock held =
        RunFolder.open(HadoopPath.of(run(), new Configuration(false)), new Configuration(false))
            .lock()) {
      held.check();
      assertThat(Answer.to(train("demo", data(), run(), "--resume").toArray(String[]::new)).error())
          .startsWith("Cannot train in run folder " + run() + ": another train is writing it");
    }
  }

  @Test
  void sourcesThatAreMissingAndOutputsThatExist() throws IOException {
    String missing = temporary.resolve("missing").toString();
    assertFails(
        "Cannot list images in " + missing + ": there is no such file or folder",
        List.of("prepare", missing, "--out", fresh()));
    assertFails(
        "Cannot write data set to " + data() + ": it exists already",
        List.of("prepare", images(), "--out", data()));
    assertFails(
        "Cannot write data set to " + data() + ": it exists already",
        List.of("demo", "--out", shared.toString()));
    Path demo = temporary.resolve("demo");
    Files.createDirectories(demo);
    Files.createSymbolicLink(demo.resolve("run"), shared.resolve("run"));
    assertFails(
        "Cannot start a run in "
            + demo
            + "/run: it holds one already; add --resume to go on with it",
        List.of("demo", "--out", demo.toString()));
  }

  @Test
  void aShareToHoldOutWhereNoneIs() throws IOException {
    Path coco = Files.createDirectories(temporary.resolve("coco/annotations"));
    Files.createFile(coco.resolve("instances_val2017.json"));
    String source = coco.getParent().toString();
    Answer answer = Answer.to("prepare", source, "--out", fresh(), "--hold-out", "0.2");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.error())
        .startsWith(
            "Cannot use --hold-out for " + source + ": its format is coco, not folder; see");
    assertThat(Answer.to("prepare", source, "--out", fresh(), "--per-class", "9").error())
        .startsWith(
            "Cannot use --per-class for "
                + source
                + ": its format is coco, whose images have more than a class each; see");
  }

  @Test
  void foldersThatCannotBeMade() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    String below = file.resolve("x").toString();
    String reason = ": file:" + file + " is not a directory";
    assertFails(
        "Cannot write data set to " + below + reason, List.of("prepare", images(), "--out", below));
    assertFails("Cannot write to run folder " + below + reason, train("demo", data(), below));
  }

  @Test
  void settingsThatCannotWork() {
    withProperty(
        "spark.serializer",
        "org.apache.spark.serializer.KryoSerializer",
        () -> {
          for (List<String> command : commands()) {
            assertThat(Answer.to(command.toArray(String[]::new)).error())
                .startsWith("Cannot use setting spark.serializer: 'org.apache.");
          }
        });
    withProperty(
        "spark.dropblock.ring.silence",
        "soon",
        () ->
            assertFails(
                "Cannot use setting spark.dropblock.ring.silence: 'soon',"
                    + " it must be a time like 120s or 10m",
                train("demo", data(), fresh())));
    System.setProperty("spark.master", "local-cluster[2,1,1024]");
    assertFails(
        "Cannot train with 3 ranks: there will be 2 task slots with"
            + " spark.master=local-cluster[2,1,1024];"
            + " start more executors (spark.executor.instances) or set train.world",
        train("demo", data(), fresh(), "--set", "train.slots=3", "--set", "train.world=3"));
  }

  private List<List<String>> commands() {
    return List.of(
        train("demo", data(), fresh()),
        List.of("prepare", images(), "--out", fresh()),
        List.of("prepare", "--check", data()),
        List.of("evaluate", run(), "--data", data()),
        List.of("demo", "--out", fresh()));
  }

  @Test
  void plainPathsOfADriverThatRunsElsewhere() {
    String advice =
        ": with spark.submit.deployMode=cluster the driver runs on another host; give an address"
            + " such as hdfs://..., or file:///... where all hosts mount the same";
    withProperty(
        "spark.submit.deployMode",
        "cluster",
        () -> {
          assertFails("Cannot use --run runs/x" + advice, train("demo", data(), "runs/x"));
          assertFails(
              "Cannot name a folder by itself: with spark.submit.deployMode=cluster the name would"
                  + " be in the driver's log only; say --out with an address such as hdfs://...",
              List.of("demo"));
          assertFails(
              "Cannot use --out " + fresh() + advice,
              List.of("prepare", images(), "--out", fresh()));
          assertFails(
              "Cannot start Spark on nowhere: Could not parse Master URL: 'nowhere'",
              train("demo", "file://" + data(), "file://" + fresh()));
        });
  }

  private static void withProperty(String key, String value, Runnable test) {
    System.setProperty(key, value);
    try {
      test.run();
    } finally {
      System.clearProperty(key);
    }
  }

  private String fresh() {
    return temporary.resolve("fresh").toString();
  }

  private static List<String> train(String recipe, String data, String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", recipe, "--data", data, "--run", run));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static void assertFails(String message, List<String> arguments) {
    Answer answer = Answer.to(arguments.toArray(String[]::new));
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.out()).isEmpty();
  }
}
