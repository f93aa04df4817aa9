package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cluster.OwnSetting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.package$;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files of cluster-configs/examples: their arithmetic, their keys, and that submit.sh reads
 * them.
 */
class SettingsExamplesTest {
  private static final Path EXAMPLES = ScriptRun.root().resolve("cluster-configs/examples");
  private static final int HOST_CORES = 32;
  private static final double HOST_GIB = 128;
  private static final double SYSTEM_GIB = 8;

  @TempDir private Path folder;

  static List<Path> files() throws Exception {
    try (Stream<Path> all = Files.list(EXAMPLES)) {
      return all.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  private static Map<String, String> settings(Path file) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.split(" ", 2);
        assertThat(settings.put(words[0], words[1])).as(line).isNull();
      }
    }
    return settings;
  }

  private static MatchResult said(Path file, String pattern) throws Exception {
    String text = Files.readString(file);
    List<MatchResult> found = Pattern.compile(pattern).matcher(text).results().toList();
    assertThat(found).as("%s in %s", pattern, file).hasSize(1);
    return found.get(0);
  }

  private static int whole(Map<String, String> settings, String key) {
    return Integer.parseInt(settings.get(key));
  }

  private static double gibibytes(Map<String, String> settings, String key) {
    String value = settings.get(key);
    double number = Double.parseDouble(value.substring(0, value.length() - 1));
    return value.endsWith("m") ? number / 1024 : number;
  }

  @ParameterizedTest
  @MethodSource("files")
  void coresAndRanksOfTheHosts(Path file) throws Exception {
    Map<String, String> settings = settings(file);
    int hosts = Integer.parseInt(said(file, "# (\\d+) hosts? of 32 cores, 128 GiB").group(1));
    MatchResult ranks =
        said(
            file,
            "# Ranks: +(\\d+) hosts? x (\\d+) = (\\d+), of (\\d+) cores each: (\\d+) x (\\d+) = (\\d+) of 32 cores a host");
    int ofHost = Integer.parseInt(ranks.group(2));
    int executors = whole(settings, "spark.executor.instances");
    int cores = whole(settings, "spark.executor.cores");
    assertThat(hosts).isEqualTo(Integer.parseInt(ranks.group(1)));
    assertThat(executors).isEqualTo(hosts * ofHost).isEqualTo(Integer.parseInt(ranks.group(3)));
    assertThat(cores).isEqualTo(Integer.parseInt(ranks.group(4)));
    assertThat(ofHost * cores)
        .isEqualTo(Integer.parseInt(ranks.group(7)))
        .isLessThanOrEqualTo(HOST_CORES);
    assertThat(whole(settings, "spark.cores.max")).isEqualTo(executors * cores);
    if (file.toString().contains("gpu")) {
      assertThat(said(file, "128 GiB, (\\d+) GPUs").group(1)).isEqualTo(ranks.group(2));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void memoryOfAHost(Path file) throws Exception {
    Map<String, String> settings = settings(file);
    MatchResult said =
        said(
            file,
            "# Memory: +(\\d+) x \\((\\d+) heap \\+ ([\\d.]+) outside\\) \\+ (\\d+) of the driver, on one host = ([\\d.]+) of 128 GiB");
    double heap = gibibytes(settings, "spark.executor.memory");
    double outside = gibibytes(settings, "spark.executor.memoryOverhead");
    double driver = gibibytes(settings, "spark.driver.memory");
    double host = Integer.parseInt(said.group(1)) * (heap + outside) + driver;
    assertThat(heap).isEqualTo(Double.parseDouble(said.group(2)));
    assertThat(outside).isEqualTo(Double.parseDouble(said.group(3)));
    assertThat(driver).isEqualTo(Double.parseDouble(said.group(4)));
    assertThat(host)
        .isEqualTo(Double.parseDouble(said.group(5)))
        .isLessThanOrEqualTo(HOST_GIB - SYSTEM_GIB);
    assertThat(outside).isEqualTo(gibibytes(settings, "spark.dropblock.nativeMemory") + 1.5);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKeyIsASetting(Path file) throws Exception {
    assertThat(package$.MODULE$.CORES_MAX().key()).isEqualTo("spark.cores.max");
    List<String> own = Arrays.stream(OwnSetting.values()).map(OwnSetting::key).toList();
    for (String key : settings(file).keySet()) {
      assertThat(ConfigEntry.findEntry(key) != null || own.contains(key)).as(key).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void submitReadsIt(Path file) throws Exception {
    Map<String, String> settings = settings(file);
    Path spark = folder.resolve("spark");
    ScriptRun.executable(spark.resolve("bin/spark-submit"), "exit 1");
    ScriptRun.executable(spark.resolve("jars/spark-core_2.12-3.5.9.jar"), "");
    ScriptRun.executable(spark.resolve("jars/hadoop-client-api-3.3.4.jar"), "");
    Files.createDirectories(spark.resolve("work"));
    for (String kind : List.of("standalone", "yarn", "kubernetes")) {
      List<String> arguments =
          new ArrayList<>(List.of("--dry-run", "--cluster", kind, "--settings", file.toString()));
      if (file.toString().contains("gpu")) {
        arguments.add("--gpu");
      }
      if (kind.equals("kubernetes")) {
        arguments.addAll(List.of("--conf", "spark.master=k8s://https://a"));
      }
      arguments.addAll(List.of("train", "demo"));
      ScriptRun run =
          ScriptRun.of(
              folder,
              ScriptRun.root().resolve("submit.sh"),
              Map.of("SPARK_HOME", spark.toString(), "HADOOP_CONF_DIR", folder.toString()),
              arguments.toArray(String[]::new));
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        assertThat(run.setting(setting.getKey())).as(kind).isEqualTo(setting.getValue());
      }
      assertThat(run.setting("spark.task.cpus")).isEqualTo(settings.get("spark.executor.cores"));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void theCommandInItsHeadIsOneOfSubmit(Path file) throws Exception {
    String command = said(file, "(?m)^#   \\./submit\\.sh (.*)$").group(1);
    assertThat(command)
        .startsWith(
            "--cluster KIND "
                + (command.contains("--gpu") ? "--gpu " : "")
                + "--settings cluster-configs/examples/"
                + file.getFileName()
                + " train imagenet-resnet50-dropblock --data DIR");
    assertThat(command.contains("--gpu")).isEqualTo(file.toString().contains("gpu"));
    String listed =
        Files.readAllLines(EXAMPLES.resolve("README.md")).stream()
            .filter(line -> line.startsWith("| [" + file.getFileName() + "]"))
            .collect(Collectors.joining());
    assertThat(listed)
        .contains(said(file, "# Step: +(\\d+) slots x (\\d+) images = (\\d+)\n").group(3));
  }
}
