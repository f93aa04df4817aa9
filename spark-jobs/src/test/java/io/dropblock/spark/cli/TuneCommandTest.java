package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.cluster.LeavingExecutors;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.tune.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tune} refuses, and a trial whose ranks are threads of this process. */
@ExtendWith(SparkInThisJvm.class)
class TuneCommandTest {
  /** Settings of executors that do not exist, as nothing is to start. */
  private static final Map<String, String> CLUSTER =
      Map.of("spark.master", "local-cluster[2,1,1024]", "spark.executor.cores", "1");

  @TempDir private static Path shared;

  @BeforeAll
  static void prepare() throws IOException {
    TinyRun.prepare(shared);
  }

  private static String data() {
    return shared.resolve("data").toString();
  }

  private static Answer tune(String... more) {
    List<String> arguments = new ArrayList<>(List.of("tune", "demo", "--data", data()));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private static Answer onCluster(Map<String, String> settings, String... more) {
    Map<String, String> before = Map.of("spark.master", System.getProperty("spark.master"));
    settings.forEach(System::setProperty);
    try {
      return tune(more);
    } finally {
      settings.keySet().forEach(System::clearProperty);
      before.forEach(System::setProperty);
    }
  }

  @Test
  void refusesRecipesWhoseStepCannotBeCut() {
    TinyRun.assertFails(
        tune("--set", "train.slots=0", "--set", "train.world=2"),
        "Cannot tune recipe demo: train.slots=0, as the images of a step then depend on the number"
            + " of ranks; set it to train.world x train.accumulation, 2");
    TinyRun.assertFails(
        tune("--set", "train.world=2"),
        "Cannot tune recipe demo: train.world=2, as trials have a rank on each task slot; set it to"
            + " 0");
    TinyRun.assertFails(
        tune("--set", "train.averaging.master=stock"),
        "Cannot tune recipe demo: train.averaging.master=stock, whose ranks cannot be told to end;"
            + " set it to ring");
  }

  @Test
  void refusesClustersAndDataThatDoNotFit() {
    TinyRun.assertFails(
        tune(),
        "Cannot tune with spark.master=local[2]: its ranks are threads of the driver; use"
            + " executors");
    TinyRun.assertFails(
        onCluster(Map.of("spark.master", "local-cluster[2,1,1024]")),
        "Cannot tune with no spark.executor.cores: trials divide the cores of an executor; set it");
    TinyRun.assertFails(
        onCluster(CLUSTER, "--set", "data.classes=7"),
        "Cannot use data set "
            + data()
            + " for demo: it has 6 classes, the recipe 7 (data.classes)");
  }

  @Test
  void wrongUsageIsOneLine() {
    assertThat(tune("--seconds", "0").error().strip())
        .isEqualTo("Invalid --seconds: 0 is not in 1 to 3600; see ./submit.sh tune --help");
    assertThat(tune("--try", "ranks,threads").error().strip())
        .isEqualTo(
            "Invalid --try: 'threads' is none of executors,ranks,prefetch,batch; see ./submit.sh"
                + " tune --help");
    assertThat(onCluster(CLUSTER, "--out", shared.resolve("t.txt").toString()).error().strip())
        .endsWith("its name must end in .csv or .json; see ./submit.sh tune --help");
  }

  @Test
  void aTrialTrainsSomeEpochsAndLeavesNothing() throws IOException {
    Recipe recipe =
        Recipe.load(
            "demo",
            List.of(
                "model.width=2", "train.local_batch=4", "train.epochs=2", "dropblock.groups=[]"));
    List<Path> before = all(shared);
    SparkConf conf =
        new SparkConf().setAppName("tune").set("spark.dropblock.progress.interval", "1ms");
    // of the trial before, whose executors are told to end behind the end of its application
    LeavingExecutors.add("driver");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThat(TaskSlots.all(spark).awaitPromised(Duration.ofMinutes(1))).isEqualTo(2);
      Measured measured =
          new TuneTrial(
                  recipe,
                  new org.apache.hadoop.fs.Path(data()),
                  Duration.ofMillis(1),
                  Duration.ofMillis(200))
              .run(spark, 2, 2);
      assertThat(measured.ranks()).isEqualTo(2);
      assertThat(measured.speed().slices()).isGreaterThanOrEqualTo(3);
      assertThat(measured.speed().imagesPerSecond()).isPositive().isFinite();
      assertThat(measured.starved()).isBetween(0.0, 1.0);
      long now = Pointer.physicalBytes();
      assertThat((double) measured.resident()).isCloseTo(now, within(.9 * now));
      assertThat(measured.outside()).isPositive().isLessThan(measured.resident());
    }
    assertThat(all(shared)).isEqualTo(before);
  }

  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }
}
