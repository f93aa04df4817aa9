package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code submit.sh} gives to a driver in YARN's cluster and shows of it. In place of Spark's
 * client stands a script that says what that one says.
 */
class YarnScriptTest {
  private static final Path ROOT = ScriptRun.root();
  private static final String CLUSTER = "--conf=spark.submit.deployMode=cluster";
  private static final String ID = "application_1764608000000_0007";

  @TempDir private Path folder;

  @BeforeEach
  void hasBash() {
    assumeThat(Path.of("/bin/bash")).as("bash, to run submit.sh").exists();
  }

  @Test
  void aRecipeOfThisMachineGoesToTheDriver() throws Exception {
    Path recipe = Files.createDirectories(folder.resolve("my recipes")).resolve("mine.yaml");
    Files.writeString(recipe, "extends: demo\n");

    ScriptRun sent = dryRun(CLUSTER, "train", "my recipes/mine.yaml", "--data", "hdfs:///d");
    assertThat(sent.words()).endsWith("train", "mine.yaml", "--data", "hdfs:///d");
    assertThat(sent.setting("spark.files")).isEqualTo(recipe.toString());
    assertThat(
            dryRun(CLUSTER, "--conf=spark.files=/x.txt", "train", recipe.toString())
                .setting("spark.files"))
        .isEqualTo("/x.txt," + recipe);
    assertThat(dryRun(CLUSTER, "train", "other.yaml").words())
        .as("what is not there is for the driver to tell")
        .endsWith("train", "other.yaml")
        .noneMatch(word -> word.startsWith("spark.files="));
    assertThat(dryRun("train", "my recipes/mine.yaml").words())
        .as("in client mode it is where it is")
        .endsWith("train", "my recipes/mine.yaml")
        .noneMatch(word -> word.startsWith("spark.files="));
  }

  @Test
  void theDriversContainerHoldsItsArrays() throws Exception {
    ScriptRun cluster = dryRun(CLUSTER, "train", "demo");
    assertThat(cluster.setting("spark.driver.extraJavaOptions"))
        .contains("javacpp.maxbytes=4g")
        .doesNotContain("networkLog");
    assertThat(dryRun("train", "demo").words())
        .noneMatch(word -> word.startsWith("spark.driver.extraJavaOptions="));
    // 4 GiB of arrays, and 1 GiB or more besides
    assertThat(setting("spark.driver.memoryOverhead")).matches("5632m");
    assertThat(setting("spark.driver.extraJavaOptions")).contains("javacpp.maxbytes=4g");
    for (String variable : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")) {
      assertThat(setting("spark.yarn.appMasterEnv." + variable)).isEqualTo("1");
    }
    assertThat(setting("spark.yarn.appMasterEnv.BACKEND_PRIORITY_CPU")).isEqualTo("1000");
    assertThat(Integer.parseInt(setting("spark.executor.maxNumFailures")))
        .isGreaterThanOrEqualTo(1000);
  }

  @Test
  void tellsWhereARunIsToBeWatchedAndFound() throws Exception {
    ScriptRun run =
        submit(
            report("ACCEPTED", "N/A", "UNDEFINED")
                + report("RUNNING", "N/A", "UNDEFINED").repeat(3)
                + report("FINISHED", "", "SUCCEEDED"),
            0,
            "--run=hdfs:///runs/a");

    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo(
            String.join(
                "\n",
                "submit.sh: starting Spark on yarn for train",
                "submit.sh: submitted as "
                    + ID
                    + "; what the program says: yarn logs -applicationId "
                    + ID
                    + "; its folder: hdfs:///runs/a",
                "submit.sh: it waits for room for its driver",
                "submit.sh: it runs; watch it: http://rm:8088/proxy/" + ID + "/",
                "submit.sh: " + ID + " is done; its folder: hdfs:///runs/a",
                ""));
  }

  @Test
  void tellsWhatTheProgramSaidAndEndsWithItsExitCode() throws Exception {
    String told = "User class threw exception: (exit code 2) Unknown option: '--epochs'\nor so";
    ScriptRun run =
        submit(
            report("FINISHED", told, "FAILED")
                + "Application diagnostics message: "
                + told
                + "\n\nException in thread \"main\" org.apache.spark.SparkException: Application "
                + ID
                + " finished with failed status\n\tat org.apache.spark.deploy.yarn.Client.run\n",
            1);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines().skip(2))
        .containsExactly(
            "Unknown option: '--epochs'",
            "or so",
            "submit.sh: " + ID + " failed; all that it said: yarn logs -applicationId " + ID);
  }

  /**
   * A program that fails before Spark starts: YARN quotes the end of its container's log, twice.
   */
  @Test
  void tellsOnceWhatIsQuotedOfAContainersLog() throws Exception {
    String quoted =
        "[2026-12-01 18:22:21.055]Container exited with a non-zero exit code 13.\n"
            + "Last 4096 bytes of stderr :\n"
            + "Cannot read data set hdfs://a/b: it has no manifest.json\n"
            + "18:22:20 ERROR ApplicationMaster: User class threw exception: \n"
            + "(exit code 1) Cannot read data set hdfs://a/b: it has no manifest.json\n"
            + "org.apache.spark.SparkException: Exception thrown in awaitResult: \n"
            + "\tat org.apache.spark.util.SparkThreadUtils$.awaitResult(SparkThreadUtils.scala:56)\n";
    String told = "Application " + ID + " failed 1 times due to AM Container\n" + quoted + quoted;
    ScriptRun run =
        submit(
            report("FAILED", told, "FAILED")
                + "Application diagnostics message: "
                + told
                + "\n\nException in thread \"main\" org.apache.spark.SparkException: Application "
                + ID
                + " finished with failed status\n\tat org.apache.spark.deploy.yarn.Client.run\n",
            1);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines().skip(2))
        .containsExactly(
            "Cannot read data set hdfs://a/b: it has no manifest.json",
            "submit.sh: " + ID + " failed; all that it said: yarn logs -applicationId " + ID);
  }

  /** One that YARN ends, for its memory for example, said nothing itself. */
  @Test
  void tellsWhyAContainerWasEnded() throws Exception {
    ScriptRun run =
        submit(
            "Application diagnostics message: Application "
                + ID
                + " failed 1 times\nContainer is running beyond physical memory limits.\n"
                + "\nException in thread \"main\" org.apache.spark.SparkException: Application "
                + ID
                + " finished with failed status\n",
            1);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("Container is running beyond physical memory limits.\n");
  }

  @Test
  void whatEndsForAnotherReasonFails() throws Exception {
    ScriptRun run =
        submit(
            "Exception in thread \"main\" org.apache.spark.SparkException: Application "
                + ID
                + " is killed\n\tat org.apache.spark.deploy.yarn.Client.run\n",
            1);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(ID + " was killed; all").doesNotContain("Exception", "\tat");

    ScriptRun refused = submit("", 1);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains(ID + " may go on; see yarn application -status " + ID);
  }

  /** As Spark 3.5's client has it. */
  private static String report(String state, String diagnostics, String end) {
    return "Application report for "
        + ID
        + " (state: "
        + state
        + ")\n\n\t client token: N/A\n\t diagnostics: "
        + diagnostics
        + "\n\t ApplicationMaster host: N/A\n\t queue: default\n\t final status: "
        + end
        + "\n\t tracking URL: http://rm:8088/proxy/"
        + ID
        + "/\n\t user: somebody\n";
  }

  private ScriptRun submit(String said, int code, String... more) throws Exception {
    Path text = folder.resolve("said");
    Files.writeString(
        text,
        "Requesting a new application from cluster with 2 NodeManagers\n"
            + "Submitting application "
            + ID
            + " to ResourceManager\n"
            + said);
    Path home = folder.resolve("spark");
    ScriptRun.executable(home.resolve("bin/spark-submit"), "cat '" + text + "' >&2\nexit " + code);
    ScriptRun.executable(home.resolve("jars/spark-core_2.12-3.5.9.jar"), "");
    ScriptRun.executable(home.resolve("jars/hadoop-client-api-3.3.4.jar"), "");
    List<String> arguments =
        new ArrayList<>(List.of("--cluster=yarn", "--jar=hdfs:///x.jar", CLUSTER, "train", "demo"));
    arguments.addAll(Arrays.asList(more));
    return ScriptRun.of(
        folder,
        ROOT.resolve("submit.sh"),
        Map.of("SPARK_HOME", home.toString(), "HADOOP_CONF_DIR", folder.toString()),
        arguments.toArray(String[]::new));
  }

  private static String setting(String key) throws IOException {
    return Files.readAllLines(ROOT.resolve("cluster-configs/yarn/spark-defaults.conf")).stream()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + key));
  }

  private ScriptRun dryRun(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("--dry-run", "--cluster=yarn"));
    command.addAll(List.of(arguments));
    return ScriptRun.of(
        folder,
        ROOT.resolve("submit.sh"),
        Map.of("HADOOP_CONF_DIR", folder.toString()),
        command.toArray(String[]::new));
  }
}
