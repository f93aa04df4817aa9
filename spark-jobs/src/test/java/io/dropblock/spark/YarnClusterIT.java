package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * submit.sh on a small YARN: the demo from a client, with data and run on HDFS; the same training
 * with its driver in the cluster, while one executor is killed and one is told to end; and commands
 * that fail. Runs after the jar is made.
 */
class YarnClusterIT {
  private static final Path CHECKOUT = ScriptRun.root();
  private static final int EPOCHS = 1;

  /** 1,920 images, of which a step has 16. */
  private static final int STEPS = 120;

  private static final List<String> SETTINGS =
      List.of(
          "model.width=2",
          "train.epochs=" + EPOCHS,
          "train.local_batch=4",
          "train.slots=4",
          "train.checkpoint_every=10",
          "train.averaging.every=1");

  /** The same, as a file. */
  private static final String RECIPE =
      """
      extends: demo
      model:
        width: 2
      train:
        epochs: %d
        local_batch: 4
        slots: 4
        checkpoint_every: 10
        averaging:
          every: 1
      """
          .replace("%d", String.valueOf(EPOCHS));

  @TempDir private static Path folder;
  private static YarnProcess yarn;
  private static FileSystem hdfs;
  private static Submission demo;

  @BeforeAll
  static void theDemo() throws IOException, InterruptedException, ClassNotFoundException {
    yarn = YarnProcess.start(Files.createDirectory(folder.resolve("yarn")));
    hdfs = FileSystem.get(yarn.configuration());
    List<String> arguments =
        // one of the size finds room on each of the two nodes
        confs(
            "spark.executor.instances=3",
            "spark.executor.memoryOverhead=2g",
            "spark.scheduler.maxRegisteredResourcesWaitingTime=12s");
    arguments.add("demo");
    SETTINGS.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    demo = submit(arguments).succeed();
  }

  @AfterAll
  static void stop() throws IOException {
    if (hdfs != null) {
      hdfs.close();
    }
    if (yarn != null) {
      yarn.close();
    }
  }

  @Test
  void theDemoTrainsFromAClient() throws IOException {
    assertThat(demo.text())
        .containsPattern(
            "Only [12] of 3 task slots came that the settings ask for: this run trains")
        .contains("set train.world=3 to train with all of them or not at all");
    String home = hdfs.getHomeDirectory().toString();
    assertThat(run()).startsWith(home + "/runs/demo-").endsWith("/run");
    assertThat(data()).startsWith(home + "/runs/demo-").endsWith("/data");
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(data()).getParent();
    assertThat(Arrays.stream(hdfs.listStatus(out)).map(file -> file.getPath().getName()))
        .as("a tar and no thousands of files")
        .containsExactlyInAnyOrder("data", "images.tar", "run");
    assertThat(events(run())).filteredOn(RunEvent.Epoch.class::isInstance).hasSize(EPOCHS);
    assertThat(demo.text()).doesNotContain("\tat ");
  }

  @Test
  void aRunInTheClusterThatLosesExecutorsEndsBitEqual() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("mine.yaml"), RECIPE);
    String run = hdfs.getHomeDirectory() + "/disturbed";
    List<String> arguments =
        confs(
            "spark.submit.deployMode=cluster",
            "spark.yarn.queue=training",
            "spark.yarn.executor.nodeLabelExpression=ranks",
            "spark.executor.instances=2");
    arguments.addAll(List.of("train", "mine.yaml", "--data", data(), "--run", run));
    Submission disturbed = submit(arguments);

    await(disturbed, run, event -> step(event) >= 15);
    assertThat(environment(yarn.jvms("deploy.yarn.ApplicationMaster").get(0)))
        .contains("OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "BACKEND_PRIORITY_CPU=1000");
    ProcessHandle killed = executors().get(0);
    assertThat(killed.destroyForcibly()).isTrue();
    await(disturbed, run, RunEvent.Failed.class::isInstance);
    await(disturbed, run, event -> step(event) > STEPS / 2);
    assertThat(executors().get(0).destroy()).as("told to end").isTrue();
    disturbed.succeed();

    assertThat(checksums(run)).hasSize(2).isEqualTo(checksums(run()));
    List<RunEvent> events = events(run);
    assertThat(events).filteredOn(RunEvent.Failed.class::isInstance).hasSize(1);
    assertThat(events)
        .anyMatch(
            event ->
                event instanceof RunEvent.Note note
                    && note.text()
                        .startsWith("An executor was told to end: all ranks stopped behind"));
    String id = application(disturbed);
    assertThat(disturbed.text())
        .contains("submitted as " + id + "; what the program says: yarn logs -applicationId " + id)
        .contains("it runs; watch it: http://")
        .contains(id + " is done; its folder: " + run)
        .doesNotContain("\tat ", "Exception");
    assertPlaces(id);
  }

  /** Executors on the node with the label, the driver on the other. */
  private static void assertPlaces(String application) throws IOException {
    List<Path> logs =
        yarn.logs(application).stream().filter(log -> log.endsWith("stderr")).toList();
    assertThat(logs).filteredOn(log -> log.toString().contains("-nm-1_")).hasSize(4);
    assertThat(logs).filteredOn(log -> log.toString().contains("-nm-0_")).hasSize(1);
  }

  @Test
  void whoeverSubmittedIsToldWhyACommandFailed() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("img"));
    Submission unread =
        submit(
            confs("spark.submit.deployMode=cluster"),
            "train",
            "demo",
            "--data",
            "hdfs:///nowhere",
            "--run",
            "hdfs:///never");
    Submission without = submit(confs("spark.submit.deployMode=cluster"), "train", "demo");
    Submission elsewhere = submit(confs(), "prepare", "img", "--out", "data");

    unread.fail(1);
    assertThat(unread.text())
        .contains("Cannot read data set " + hdfs.getUri() + "/nowhere: ")
        .contains(application(unread) + " failed; all that it said: yarn logs -applicationId ")
        .contains("its folder: hdfs:///never")
        .doesNotContain("\tat ", "Exception", "hook", "exit code");
    without.fail(2);
    assertThat(without.text())
        .contains("Missing required option: '--data=DIR'")
        .contains("see ./submit.sh train --help")
        .doesNotContain("\tat ", "Exception", "hook", "exit code");
    elsewhere.fail(1);
    assertThat(elsewhere.text())
        .contains(
            "Cannot find SOURCE img: nothing is at "
                + hdfs.getHomeDirectory()
                + "/img, where paths without a scheme lead (fs.defaultFS); for what is on this"
                + " machine say file://"
                + folder.toRealPath().resolve("img"))
        .doesNotContain("\tat ", "Exception");
  }

  private static String run() {
    return found("Run folder: (\\S+)");
  }

  private static String data() {
    return found("prepared images of shapes: (\\S+)");
  }

  private static String found(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(demo.text());
    assertThat(matcher.find()).as(demo::text).isTrue();
    return matcher.group(1);
  }

  private static String application(Submission submission) {
    Matcher matcher = Pattern.compile("submitted as (\\w+)").matcher(submission.text());
    assertThat(matcher.find()).as(submission::text).isTrue();
    return matcher.group(1);
  }

  private static List<ProcessHandle> executors() {
    return yarn.jvms("CoarseGrainedExecutorBackend");
  }

  private static List<String> environment(ProcessHandle process) throws IOException {
    return List.of(
        Files.readString(Path.of("/proc", String.valueOf(process.pid()), "environ")).split("\0"));
  }

  private static int step(RunEvent event) {
    return event instanceof RunEvent.Steps steps ? (int) steps.step() : -1;
  }

  private static void await(Submission running, String run, Predicate<RunEvent> wanted) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !running.isAlive() || events(run).stream().anyMatch(wanted));
    assertThat(running.isAlive()).as(running::text).isTrue();
  }

  private static List<RunEvent> events(String run) throws IOException {
    return EventLog.read(hdfs, new org.apache.hadoop.fs.Path(run, "events.jsonl"));
  }

  /** Of the last checkpoint's parameters and updater state. */
  private static List<String> checksums(String run) throws IOException {
    String manifest = String.format(Locale.ROOT, "checkpoints/epoch-%04d/manifest.json", EPOCHS);
    List<String> checksums = new ArrayList<>();
    try (InputStream in = hdfs.open(new org.apache.hadoop.fs.Path(run, manifest))) {
      for (JsonNode file : new ObjectMapper().readTree(in).get("files")) {
        if (file.get("name").asText().endsWith(".bin")) {
          checksums.add(file.get("name").asText() + " " + file.get("sha256").asText());
        }
      }
    }
    return checksums;
  }

  /** What all have in common: small, of jars that lie on the nodes, all on the loopback address. */
  private static List<String> confs(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--cluster", "yarn", "--jar", "local://" + jar()));
    Stream.concat(
            Stream.of(
                "spark.yarn.jars=local:" + CHECKOUT + "/.spark-runtime/jars/*",
                "spark.executorEnv.SPARK_LOCAL_IP=127.0.0.1",
                "spark.yarn.appMasterEnv.SPARK_LOCAL_IP=127.0.0.1",
                "spark.executor.cores=1",
                "spark.executor.memory=512m",
                "spark.dropblock.nativeMemory=256m",
                "spark.executor.memoryOverhead=1280m",
                "spark.driver.memory=512m",
                "spark.driver.memoryOverhead=768m",
                "spark.yarn.am.memory=128m",
                "spark.dropblock.progress.interval=100ms"),
            Stream.of(more))
        .forEach(setting -> arguments.addAll(List.of("--conf", setting)));
    return arguments;
  }

  private static Path jar() {
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("spark-jobs/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("dropblock-spark-.*\\.jar"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Submission submit(List<String> settings, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(arguments));
    return Submission.start(
        folder,
        Map.of("HADOOP_CONF_DIR", yarn.clients().toString(), "SPARK_LOCAL_IP", "127.0.0.1"),
        all);
  }
}
