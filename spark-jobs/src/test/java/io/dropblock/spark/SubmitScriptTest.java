package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code submit.sh} would run, asked with {@code --dry-run}: nothing is built, fetched or
 * started.
 */
class SubmitScriptTest {
  private static final Path ROOT = ScriptRun.root();

  @TempDir private Path folder;

  @BeforeAll
  static void hasBash() {
    assumeThat(Path.of("/bin/bash")).as("bash, to run submit.sh").exists();
  }

  @Test
  void runsTwoExecutorsOnThisMachineByDefault() throws Exception {
    ScriptRun answer = dryRun(Map.of(), "train", "imagenet");

    assertThat(answer.code()).as(answer.err()).isZero();
    List<String> words = answer.words();
    assertThat(words)
        .containsSequence("--class", "io.dropblock.spark.cli.Main")
        .endsWith("train", "imagenet")
        .contains("SPARK_LOCAL_IP=127.0.0.1", "OMP_NUM_THREADS=1")
        .contains(ROOT + "/.spark-runtime/bin/spark-submit")
        .containsSequence("--properties-file", ROOT + "/cluster-configs/local/spark-defaults.conf");
    assertThat(after(words, "--master")).matches("local-cluster\\[2,[0-9]+,[0-9]+]");
  }

  @Test
  void namesOfFilesAreReadAsUtf8UnderEveryLocale() throws Exception {
    assertThat(dryRun(Map.of("LC_ALL", "C"), "train").words()).contains("LC_ALL=C.UTF-8");
    assertThat(dryRun(Map.of("LC_ALL", "C.UTF-8"), "train").words())
        .noneMatch(word -> word.startsWith("LC_ALL="));
  }

  @Test
  void onThisMachineNoJarTravels() throws Exception {
    for (String kind : List.of("local", "standalone")) {
      List<String> words = dryRun(Map.of(), "--cluster", kind, "train", "imagenet").words();
      assertThat(words).endsWith("spark-internal", "train", "imagenet");
      for (String jvm : List.of("driver", "executor")) {
        assertThat(words)
            .anyMatch(
                word ->
                    word.matches(
                        "spark\\."
                            + jvm
                            + "\\.extraClassPath=.*/jars/\\*:/.*/dropblock-spark-.*\\.jar"));
      }
    }
    assertThat(
            dryRun(
                    Map.of(),
                    "--cluster=standalone",
                    "--conf=spark.master=spark://node1:7077",
                    "train")
                .words())
        .noneMatch(word -> word.contains("extraClassPath"))
        .doesNotContain("spark-internal");
    assertThat(
            dryRun(
                    Map.of(),
                    "--conf",
                    "spark.executor.extraClassPath=/mine",
                    "--jar=x.jar",
                    "train")
                .setting("spark.executor.extraClassPath"))
        .endsWith("/jars/*:" + folder + "/x.jar:/mine");
    assertThat(dryRun(Map.of(), "--cluster=standalone", "--jar=hdfs:///x.jar", "train").words())
        .endsWith("hdfs:///x.jar", "train");
  }

  @Test
  void ourPluginComesBehindTheUsers() throws Exception {
    String ours = TrainingPlugin.class.getName();
    assertThat(dryRun(Map.of(), "train").setting("spark.plugins")).isEqualTo(ours);
    ScriptRun answer = dryRun(Map.of(), "--conf", "spark.plugins=a.B", "train");
    assertThat(answer.setting("spark.plugins")).isEqualTo("a.B," + ours);
    assertThat(answer.words()).doesNotContain("spark.plugins=a.B");
  }

  @Test
  void helpFitsATerminal() throws Exception {
    assertThat(dryRun(Map.of(), "--help").out().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void givesARankTheThreadsOfItsCores() throws Exception {
    List<String> words = dryRun(Map.of(), "--conf", "spark.executor.cores=3", "train").words();

    assertThat(words)
        .contains(
            "spark.task.cpus=3",
            "spark.executorEnv.GOMP_SPINCOUNT=5000",
            "spark.executorEnv.OMP_NUM_THREADS=3",
            "spark.executorEnv.OMP_WAIT_POLICY=PASSIVE",
            "spark.executorEnv.OPENBLAS_NUM_THREADS=3",
            "spark.cores.max=6");
    assertThat(after(words, "--master")).startsWith("local-cluster[2,3,");
  }

  @Test
  void fitsTheEmbeddedWorkersToTheHeapAskedFor() throws Exception {
    List<String> words = dryRun(Map.of(), "--conf=spark.executor.memory=5g", "train").words();

    assertThat(after(words, "--master")).endsWith(",5120]");
  }

  @Test
  void passesSettingsOnAfterItsOwn() throws Exception {
    List<String> words =
        dryRun(Map.of(), "--conf", "spark.task.cpus=1", "--conf", "spark.ui.port=4999", "train")
            .words();

    assertThat(words).containsSequence("--conf", "spark.ui.port=4999");
    assertThat(words.lastIndexOf("spark.ui.port=4999"))
        .isGreaterThan(words.indexOf("spark.executorEnv.OMP_NUM_THREADS=1"));
  }

  @Test
  void submitsToAStandaloneMaster() throws Exception {
    assertThat(after(dryRun(Map.of(), "--cluster", "standalone", "train").words(), "--master"))
        .isEqualTo("spark://127.0.0.1:7077");
    List<String> words =
        dryRun(Map.of(), "--cluster=standalone", "--conf=spark.master=spark://node1:7077", "train")
            .words();
    assertThat(after(words, "--master")).isEqualTo("spark://node1:7077");
    assertThat(words).doesNotContain("SPARK_LOCAL_IP=127.0.0.1", "spark.master=spark://node1:7077");
  }

  @Test
  void givesProcessesALocaleWithAllCharactersWhereThereIsNone() throws Exception {
    for (String locale : List.of("C", "POSIX", "xx_XX.UTF-8")) {
      ScriptRun answer = dryRun(Map.of("LC_ALL", locale), "train");
      assertThat(answer.words()).contains("LC_ALL=C.UTF-8", "spark.executorEnv.LC_ALL=C.UTF-8");
    }
    assertThat(dryRun(Map.of("LC_ALL", "C.UTF-8"), "train").out()).doesNotContain("LC_ALL");
  }

  @Test
  void usesTheSparkOfSparkHome() throws Exception {
    Path spark = sparkHome("spark-core_2.12-3.5.9.jar");

    assertThat(dryRun(Map.of("SPARK_HOME", spark.toString()), "train").words())
        .contains(spark + "/bin/spark-submit", "SPARK_HOME=" + spark);
  }

  @Test
  void refusesAnotherSpark() throws Exception {
    Path spark = sparkHome("spark-core_2.13-4.0.0.jar");

    dryRun(Map.of("SPARK_HOME", spark.toString()), "train")
        .assertFails(
            1,
            "Cannot use SPARK_HOME="
                + spark
                + ": jars/spark-core_2.13-4.0.0.jar is not Spark 3.5 for Scala 2.12");
  }

  @Test
  void submitsToYarnWithRoomForTheArrays() throws Exception {
    Map<String, String> environment = Map.of("HADOOP_CONF_DIR", folder.toString());
    List<String> words = dryRun(environment, "--cluster", "yarn", "train").words();

    assertThat(words).contains(ROOT + "/.spark-runtime/bin/spark-submit");
    assertThat(after(words, "--master")).isEqualTo("yarn");
    dryRun(environment, "--cluster=yarn", "--conf=spark.executor.memoryOverhead=1g", "train")
        .assertFails(
            2,
            "Invalid spark.executor.memoryOverhead: 1024m holds no"
                + " spark.dropblock.nativeMemory=8192m; say --conf"
                + " spark.executor.memoryOverhead=9728m");
  }

  @Test
  void asksForWhatYarnAndKubernetesNeed() throws Exception {
    dryRun(Map.of(), "--cluster", "yarn", "train")
        .assertFails(
            1,
            "Cannot submit to YARN: HADOOP_CONF_DIR is not set;"
                + " point it at the folder with yarn-site.xml and core-site.xml");
    dryRun(Map.of(), "--cluster", "kubernetes", "train")
        .assertFails(
            1,
            "Cannot submit to Kubernetes: spark.master is '';"
                + " say --conf spark.master=k8s://https://HOST:PORT");
  }

  @Test
  void startsNoClusterForHelp() throws Exception {
    List<String> words = dryRun(Map.of(), "train", "--help").words();

    assertThat(words).endsWith("io.dropblock.spark.cli.Main", "train", "--help");
    assertThat(words).noneMatch(word -> word.endsWith("spark-submit"));
  }

  @Test
  void describesInOneProcess() throws Exception {
    List<String> words = dryRun(Map.of(), "--cluster=yarn", "describe", "imagenet").words();

    assertThat(after(words, "--master")).startsWith("local[");
    words = dryRun(Map.of(), "--cluster=yarn", "--gpu", "scaling", "simulate").words();
    assertThat(after(words, "--master")).startsWith("local[");
    assertThat(words).noneMatch(word -> word.contains(".gpu."));
  }

  @Test
  void measuresWithoutSparkOnAllProcessors() throws Exception {
    List<String> words = dryRun(Map.of(), "--cluster=yarn", "bench", "op", "--quick").words();

    assertThat(words)
        .endsWith("io.dropblock.spark.cli.Main", "bench", "op", "--quick")
        .contains("OMP_NUM_THREADS=" + Runtime.getRuntime().availableProcessors())
        .noneMatch(word -> word.endsWith("spark-submit"));
    assertThat(after(words, "-cp"))
        .startsWith(ROOT + "/cluster-configs/local:")
        .contains("/dropblock-spark-")
        .contains(ROOT + "/dropblock-bench/target/dropblock-bench-")
        .contains(":" + ROOT + "/dropblock-bench/target/jmh/*:");
    assertThat(dryRun(Map.of(), "train", "demo").out()).doesNotContain("dropblock-bench");
  }

  @Test
  void keepsSpacesAndQuotes() throws Exception {
    assertThat(dryRun(Map.of(), "train", "my data", "it's", "$HOME", "", "*").words())
        .endsWith("train", "my data", "it's", "$HOME", "", "*");
  }

  @Test
  void namesTheNearestOption() throws Exception {
    dryRun(Map.of(), "--clutser", "local", "train")
        .assertFails(2, "Unknown option: --clutser. Did you mean --cluster? (./submit.sh --help)");
    dryRun(Map.of(), "--cluster", "kubernets", "train")
        .assertFails(
            2,
            "Unknown cluster kind: kubernets. Did you mean kubernetes?"
                + " (local standalone yarn kubernetes)");
    dryRun(Map.of(), "trian", "demo")
        .assertFails(2, "Unknown command: trian. Did you mean train? (./submit.sh --help)");
  }

  @Test
  void refusesHalfASetting() throws Exception {
    dryRun(Map.of(), "--conf", "spark.ui.port", "train")
        .assertFails(2, "Cannot read --conf spark.ui.port: it must be KEY=VALUE");
    dryRun(Map.of(), "--conf", "spark.executor.cores=many", "train")
        .assertFails(2, "Invalid spark.executor.cores: many (write a number from 1)");
    for (String size : List.of("lots", "1x", "4gm", "4k4", "g", "-1g")) {
      for (String key : List.of("spark.executor.memory", "spark.driver.memory")) {
        dryRun(Map.of(), "--conf", key + "=" + size, "train")
            .assertFails(2, "Invalid " + key + ": " + size + " (write a size such as 512m or 4g)");
      }
    }
    dryRun(Map.of()).assertFails(2, "Cannot submit: no COMMAND given (./submit.sh --help)");
  }

  @Test
  void settingsOfAFileAreBetweenThoseOfTheKindAndConf() throws Exception {
    Path file = folder.resolve("mine.conf");
    Files.writeString(
        file, "# mine\n\nspark.executor.cores 3\nspark.executor.memory   5g\nspark.ui.port 4999");
    ScriptRun run =
        dryRun(Map.of(), "--settings", "mine.conf", "--conf", "spark.executor.memory=3g", "train");
    assertThat(run.setting("spark.executor.cores")).isEqualTo("3");
    assertThat(run.setting("spark.task.cpus")).isEqualTo("3");
    assertThat(run.setting("spark.executor.memory")).isEqualTo("3g");
    assertThat(run.setting("spark.ui.port")).isEqualTo("4999");
    assertThat(after(run.words(), "--master")).isEqualTo("local-cluster[2,3,3072]");
    assertThat(dryRun(Map.of(), "--gpu", "--settings=mine.conf", "train").words())
        .contains("spark.executor.resource.gpu.amount=1", "spark.executor.memory=5g");

    dryRun(Map.of(), "--settings", "none.conf", "train")
        .assertFails(2, "Cannot read --settings none.conf: there is no such file");
    Files.writeString(file, "spark.executor.cores=3\n");
    dryRun(Map.of(), "--settings", "mine.conf", "train")
        .assertFails(
            2,
            "Cannot read --settings mine.conf: a line is 'spark.executor.cores=3', and must be a"
                + " Spark setting, a space and its value");
    Files.writeString(file, "spark.ui.port 1\nspark.ui.port 2\n");
    dryRun(Map.of(), "--settings", "mine.conf", "train")
        .assertFails(2, "Cannot read --settings mine.conf: it has spark.ui.port twice");
  }

  @Test
  void saysWhichJavaIsNeeded() throws Exception {
    Path java = folder.resolve("jdk 11/bin/java");
    ScriptRun.executable(java, "echo 'openjdk version \"11.0.22\" 2024-01-16' >&2");
    String path = java.getParent() + ":" + System.getenv("PATH");
    Map<String, String> onPath = new HashMap<>(Map.of("PATH", path, "JAVA_HOME", ""));

    dryRun(onPath, "train")
        .assertFails(
            1,
            "Cannot run with Java 11.0.22 ("
                + java
                + "): install a JDK 17 and point JAVA_HOME at it");
    dryRun(Map.of("JAVA_HOME", "/nowhere"), "train")
        .assertFails(
            1,
            "Cannot use JAVA_HOME=/nowhere: it holds no bin/java;"
                + " install a JDK 17 and point JAVA_HOME at it");
  }

  @Test
  void explainsEachSetting() throws IOException {
    for (String kind : List.of("local", "standalone", "yarn", "kubernetes")) {
      for (String file : List.of("spark-defaults.conf", "gpu.conf")) {
        List<String> lines =
            Files.readAllLines(ROOT.resolve(Path.of("cluster-configs", kind, file)));
        for (int i = 0; i < lines.size(); i++) {
          if (lines.get(i).startsWith("spark.")) {
            assertThat(lines.get(i - 1)).as("%s: above %s", kind, lines.get(i)).startsWith("#");
          }
        }
      }
    }
  }

  private Path sparkHome(String core) throws IOException {
    Path home = folder.resolve("my spark");
    ScriptRun.executable(home.resolve("bin/spark-submit"), "exit 1");
    ScriptRun.executable(home.resolve("jars").resolve(core), "");
    ScriptRun.executable(home.resolve("jars/hadoop-client-api-3.3.4.jar"), "");
    Files.createDirectories(home.resolve("work"));
    return home;
  }

  private static String after(List<String> words, String option) {
    assertThat(words).contains(option);
    return words.get(words.indexOf(option) + 1);
  }

  private ScriptRun dryRun(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("--dry-run"));
    command.addAll(List.of(arguments));
    return ScriptRun.of(
        folder, ROOT.resolve("submit.sh"), environment, command.toArray(String[]::new));
  }
}
