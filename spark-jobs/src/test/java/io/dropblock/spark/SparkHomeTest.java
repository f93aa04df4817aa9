package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What submit.sh takes for a Spark, laid out as vendors do; asked with {@code --dry-run}. */
class SparkHomeTest {
  private static final String APACHE = "spark-core_2.12-3.5.1.jar";

  @TempDir private Path folder;
  private Path home;

  @BeforeEach
  void layOut() throws IOException {
    assumeThat(Path.of("/bin/bash")).as("bash, to run submit.sh").exists();
    home = folder.resolve("usr lib/spark");
    ScriptRun.executable(home.resolve("bin/spark-submit"), "exit 1");
    jar("hadoop-client-api-3.3.4.jar");
  }

  /** Apache, EMR, Cloudera, and one with words of its own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        APACHE,
        "spark-core_2.12-3.5.0-amzn-1.jar",
        "spark-core_2.12-3.5.3.3.5.7190-7.jar",
        "spark-core_2.12-3.5.9-vendor1.2+build.3.jar"
      })
  void aVendorMayNameItsJars(String core) throws Exception {
    jar(core);
    jar("spark-core_2.12-3.5.1-tests.jar");
    assertThat(dryRun(home.toString()).words())
        .contains(home + "/bin/spark-submit", "SPARK_HOME=" + home);
  }

  @Test
  void jarsAndFoldersMayBeLinks() throws Exception {
    Path store = Files.createDirectories(folder.resolve("store"));
    Files.createFile(store.resolve("spark-core_2.12-3.5.3.3.5.7190-7.jar"));
    Files.createSymbolicLink(
        home.resolve("jars/spark-core.jar"), store.resolve("spark-core_2.12-3.5.3.3.5.7190-7.jar"));
    Path link = Files.createSymbolicLink(folder.resolve("current"), home);
    assertThat(dryRun(link.toString()).words()).contains(link + "/bin/spark-submit");

    Files.delete(store.resolve("spark-core_2.12-3.5.3.3.5.7190-7.jar"));
    dryRun(home.toString())
        .assertFails(
            1,
            cannot(
                "jars/spark-core.jar is a link to "
                    + store.resolve("spark-core_2.12-3.5.3.3.5.7190-7.jar")
                    + ", which is not there"));
  }

  /** Executors would look for it in folders of their own. */
  @Test
  void aRelativePathBecomesAFullOne() throws Exception {
    jar(APACHE);
    assertThat(dryRun("usr lib/spark/").words())
        .contains("SPARK_HOME=" + home, home + "/bin/spark-submit");
  }

  @Test
  void aColonInThePathIsPutBehindALink() throws Exception {
    jar(APACHE);
    Path odd = Files.move(folder.resolve("usr lib"), folder.resolve("a:b")).resolve("spark");
    for (String kind : new String[] {"local", "standalone"}) {
      ScriptRun run = dryRun(odd.toString(), "--cluster", kind);
      assertThat(run.words()).noneMatch(word -> word.contains("a:b"));
      assertThat(run.setting("spark.driver.extraClassPath").split(":")).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark-core_2.12-3.4.1.jar",
        "spark-core_2.12-3.4.1-amzn-2.jar",
        "spark-core_2.13-3.5.1.jar",
        "spark-core_2.13-4.0.0.jar",
        "spark-core_2.12-3.50.0.jar",
        "spark-core.jar"
      })
  void anotherSparkIsRefusedByName(String core) throws Exception {
    jar(core);
    dryRun(home.toString())
        .assertFails(1, cannot("jars/" + core + " is not Spark 3.5 for Scala 2.12"));
  }

  @Test
  void noneAndSeveralAreRefused() throws Exception {
    dryRun(home.toString())
        .assertFails(
            1,
            cannot(
                "it holds no jars/spark-core_2.12-3.5.*.jar, so it is not Spark 3.5 for Scala"
                    + " 2.12"));
    jar(APACHE);
    jar("spark-core_2.12-3.5.3.jar");
    dryRun(home.toString())
        .assertFails(
            1,
            cannot(
                "it holds several Sparks, jars/"
                    + APACHE
                    + " and jars/spark-core_2.12-3.5.3.jar; leave one"));
    jar("spark-core_2.13-4.0.0.jar");
    dryRun(home.toString())
        .assertFails(1, cannot("jars/spark-core_2.13-4.0.0.jar is not Spark 3.5 for Scala 2.12"));
  }

  /** A build "without Hadoop" is told where Hadoop is. */
  @Test
  void hadoopMayBeElsewhere() throws Exception {
    jar(APACHE);
    Files.delete(home.resolve("jars/hadoop-client-api-3.3.4.jar"));
    dryRun(home.toString())
        .assertFails(
            1,
            cannot(
                "it is a Spark without Hadoop, whose jars it is not told of; say export"
                    + " SPARK_DIST_CLASSPATH=$(hadoop classpath), or export SPARK_CONF_DIR=FOLDER"
                    + " where its spark-env.sh says so"));
    String started = home + "/bin/spark-submit";
    assertThat(dryRun(Map.of("SPARK_DIST_CLASSPATH", "/usr/lib/hadoop/*")).words())
        .contains(started);
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.createFile(conf.resolve("spark-env.sh"));
    assertThat(dryRun(Map.of("SPARK_CONF_DIR", conf.toString())).words())
        .contains(started, "SPARK_CONF_DIR=" + conf);
    Files.delete(conf.resolve("spark-env.sh"));
    jar("hadoop-common-3.3.6-amzn-4.jar");
    assertThat(dryRun(Map.of()).words()).contains(started);
  }

  private void jar(String name) throws IOException {
    ScriptRun.executable(home.resolve("jars").resolve(name), "");
  }

  private String cannot(String reason) {
    return "Cannot use SPARK_HOME=" + home + ": " + reason;
  }

  private ScriptRun dryRun(String sparkHome, String... options) throws Exception {
    return dryRun(Map.of("SPARK_HOME", sparkHome), options);
  }

  private ScriptRun dryRun(Map<String, String> more, String... options) throws Exception {
    Map<String, String> environment = new HashMap<>(Map.of("SPARK_HOME", home.toString()));
    environment.putAll(more);
    String[] arguments = new String[options.length + 2];
    arguments[0] = "--dry-run";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = "train";
    return ScriptRun.of(folder, ScriptRun.root().resolve("submit.sh"), environment, arguments);
  }
}
