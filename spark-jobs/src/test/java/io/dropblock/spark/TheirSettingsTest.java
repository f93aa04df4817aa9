package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The settings of a user's own {@code SPARK_CONF_DIR}, as a Spark that prints what it is told would
 * have them. What the files hold is what {@link Properties} reads in them, as Spark does.
 */
class TheirSettingsTest {
  private static final String THEIRS =
      """
      # of the vendor
      ! and a second way to say so
      spark.eventLog.enabled=true
      spark.eventLog.dir\thdfs:///var/log/spark apps
        spark.history.ui.port : 18080
      spark.hadoop.fs.x.impl = a.B:c=d
      spark.yarn.historyServer.address ip-10.internal:18080
      spark.driver.extraJavaOptions -Dvendor=1 \\
          -Dlast=vendor
      spark.odd.escapes a\\\\b\\tc\\u0041
      spark.twice 1
      spark.twice 2
      spark.empty
      not.of.spark 1
      spark.master yarn
      spark.executor.memory 9486M
      spark.executor.cores 4
      spark.dynamicAllocation.enabled true
      spark.dynamicAllocation.maxExecutors 40
      spark.serializer org.apache.spark.serializer.KryoSerializer
      spark.speculation true
      spark.ui.showConsoleProgress false
      spark.executor.extraClassPath /usr/lib/hadoop-lzo/lib/*
      spark.driver.defaultJavaOptions -Dvendor.default=1
      spark.plugins vendor.Plugin
      spark.authenticate.secret of\\ the\\ vendor
      spark.ui.port 4999\
      """;

  @TempDir private Path folder;
  private Path script;
  private Map<String, String> environment;

  @BeforeEach
  void layOut() throws IOException {
    assumeThat(Path.of("/bin/bash")).as("bash, to run submit.sh").exists();
    script = ScriptRun.copyCheckout(folder.resolve("checkout"));
    Path spark = folder.resolve("spark");
    ScriptRun.executable(spark.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"");
    ScriptRun.executable(spark.resolve("jars/spark-core_2.12-3.5.0-amzn-1.jar"), "");
    ScriptRun.executable(spark.resolve("jars/hadoop-client-api-3.3.4.jar"), "");
    Path conf = Files.createDirectories(folder.resolve("etc/spark conf"));
    Files.writeString(conf.resolve("spark-defaults.conf"), THEIRS);
    environment =
        new HashMap<>(
            Map.of(
                "SPARK_HOME", spark.toString(),
                "HADOOP_CONF_DIR", folder.toString(),
                "SPARK_CONF_DIR", conf.toString()));
  }

  @Test
  void areTakenWhereOursSayNothing() throws Exception {
    ScriptRun run = submit();
    Properties told = told(run);
    Properties theirs = read(Path.of(environment.get("SPARK_CONF_DIR"), "spark-defaults.conf"));
    for (String key :
        List.of(
            "spark.eventLog.enabled",
            "spark.eventLog.dir",
            "spark.history.ui.port",
            "spark.hadoop.fs.x.impl",
            "spark.yarn.historyServer.address",
            "spark.odd.escapes",
            "spark.twice",
            "spark.empty",
            "spark.executor.extraClassPath",
            "spark.authenticate.secret")) {
      assertThat(told.getProperty(key)).as(key).isEqualTo(theirs.getProperty(key));
    }
    assertThat(told).doesNotContainKey("not.of.spark");
    assertThat(run.out().lines())
        .contains("spark.driver.defaultJavaOptions=-Dvendor.default=1")
        .anyMatch(line -> line.startsWith("spark.plugins=vendor.Plugin,io.dropblock."));
  }

  @Test
  void areWeakerThanOursAndTold() throws Exception {
    ScriptRun run = submit();
    Properties told = told(run);
    Properties ours = read(settingsOfKind());
    ours.forEach(
        (key, value) -> {
          if (!key.equals("spark.driver.extraJavaOptions")) {
            assertThat(told.get(key)).as("%s", key).isEqualTo(value);
          }
        });
    assertThat(told.getProperty("spark.driver.extraJavaOptions"))
        .isEqualTo("-Dvendor=1 -Dlast=vendor " + ours.getProperty("spark.driver.extraJavaOptions"));
    assertThat(told)
        .doesNotContainKeys(
            "spark.master", "spark.serializer", "spark.dynamicAllocation.maxExecutors");
    assertThat(run.err())
        .isEqualTo(
            "submit.sh: taking the settings of "
                + environment.get("SPARK_CONF_DIR")
                + "/spark-defaults.conf, but for what is set here: spark.master"
                + " spark.executor.memory spark.executor.cores spark.dynamicAllocation.enabled"
                + " spark.dynamicAllocation.maxExecutors spark.serializer spark.speculation"
                + " spark.ui.port\n"
                + "submit.sh: starting Spark on yarn for train\n");
  }

  @Test
  void noSecretIsOnTheCommandLine() throws Exception {
    ScriptRun run =
        submit(
            "--conf",
            "spark.authenticate.secret=mi\\ne, mine",
            "--conf",
            "spark.hadoop.fs.s3a.access.key=AKIA",
            "--conf",
            "spark.ssl.ui.keyStorePassword=pass=word",
            "--conf",
            "spark.ui.port=4998");
    assertThat(run.out())
        .contains("spark.ui.port=4998")
        .doesNotContain("mine", "AKIA", "pass=word", "vendor\\", "the vendor");
    Properties told = told(run);
    assertThat(told.getProperty("spark.authenticate.secret")).isEqualTo("mi\\ne, mine");
    assertThat(told.getProperty("spark.hadoop.fs.s3a.access.key")).isEqualTo("AKIA");
    assertThat(told.getProperty("spark.ssl.ui.keyStorePassword")).isEqualTo("pass=word");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(run))))
        .isEqualTo("rw-------");

    environment.remove("SPARK_CONF_DIR");
    assertThat(submit("--conf", "spark.authenticate.secret=mine").out()).doesNotContain("mine");
    assertThat(file(submit("--conf", "spark.ui.port=4998"))).isEqualTo(settingsOfKind());
  }

  @Test
  void aFolderThatIsNotThereIsRefused() throws Exception {
    environment.put("SPARK_CONF_DIR", "/nowhere");
    ScriptRun.of(folder, script, environment, "--dry-run", "train")
        .assertFails(1, "Cannot use SPARK_CONF_DIR=/nowhere: there is no such folder");
    environment.put("SPARK_CONF_DIR", settingsOfKind().getParent().toString());
    assertThat(file(submit())).isEqualTo(settingsOfKind());
  }

  private ScriptRun submit(String... conf) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--cluster", "yarn"));
    arguments.addAll(List.of(conf));
    arguments.addAll(List.of("--jar", "local:///x.jar", "train"));
    ScriptRun run = ScriptRun.of(folder, script, environment, arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private Path settingsOfKind() {
    return script.resolveSibling("cluster-configs/yarn/spark-defaults.conf");
  }

  private static Path file(ScriptRun run) {
    List<String> words = run.out().lines().toList();
    return Path.of(words.get(words.indexOf("--properties-file") + 1));
  }

  private static Properties told(ScriptRun run) throws IOException {
    return read(file(run));
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}
