package io.dropblock.spark;

import static io.dropblock.spark.ScriptRun.executable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * submit.sh in checkouts, and on machines, as people have them: copies of it, run with a Java and a
 * Spark that print what they are told.
 */
class CheckoutTest {
  private static final String STARTING =
      "submit\\.sh: starting Spark on this machine \\(executors: \\d+, cores of each: \\d+\\) for train";

  @TempDir private Path folder;

  private Path cache;
  private Map<String, String> environment;

  @BeforeEach
  void fakeJavaAndSpark() throws IOException {
    assumeThat(Path.of("/bin/bash")).as("bash, to run submit.sh").exists();
    cache = folder.resolve("cache");
    Path java = folder.resolve("a jdk");
    executable(
        java.resolve("bin/java"),
        """
        [[ " $* " != *' -version '* ]] || { echo 'openjdk version "17.0.9"' >&2; exit; }
        for word; do
          [[ $word != -XX:SharedArchiveFile=* || $1 != -Xshare:dump ]] || : >"${word#*=}"
          printf '%s\\n' "$word"
        done""");
    Path spark = folder.resolve("a spark");
    executable(spark.resolve("bin/spark-submit"), "printf '%s\\n' \"$SPARK_HOME\" \"$@\"");
    executable(spark.resolve("jars/spark-core_2.12-3.5.9.jar"), "");
    executable(spark.resolve("jars/hadoop-client-api-3.3.4.jar"), "");
    Files.createDirectories(spark.resolve("work"));
    Files.createFile(folder.resolve("program.jar"));
    environment =
        new HashMap<>(
            Map.of(
                "JAVA_HOME", java.toString(),
                "SPARK_HOME", spark.toString(),
                "XDG_CACHE_HOME", cache.toString()));
  }

  @Test
  void isFoundThroughSymbolicLinks() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path link =
        Files.createSymbolicLink(bin.resolve("first"), ScriptRun.root().resolve("submit.sh"));
    Path second = Files.createSymbolicLink(bin.resolve("second"), link.getFileName());

    assertThat(run(second, "--dry-run", "train").words())
        .containsSequence(
            "--properties-file", ScriptRun.root() + "/cluster-configs/local/spark-defaults.conf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "a b", "50%20", "it's \"x\"", "$HOME", "a\\b", "[a]*"})
  void mayLieAnywhere(String name) throws Exception {
    Path script = ScriptRun.copyCheckout(folder.resolve(name));
    Files.copy(folder.resolve("program.jar"), folder.resolve(name).resolve("program.jar"));

    ScriptRun first = run(script, "--jar", name + "/program.jar", "train", "a:b");
    List<String> told = first.out().lines().toList();
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err().lines()).hasSize(2).first().asString().contains("archiving the classes");
    assertThat(first.err().lines()).last().asString().matches(STARTING);
    assertThat(told).endsWith("spark-internal", "train", "a:b");
    for (String jvm : List.of("driver", "executor")) {
      assertReadable(after(told, "spark." + jvm + ".extraClassPath="));
      assertThat(after(told, "spark." + jvm + ".defaultJavaOptions="))
          .startsWith("\"-XX:SharedArchiveFile=");
    }
    assertThat(Path.of(told.get(0))).isDirectory();
    assertThat(run(script, "--jar", name + "/program.jar", "train").err().lines())
        .singleElement()
        .asString()
        .matches(STARTING);
  }

  /** Java takes it apart at colons. */
  private static void assertReadable(String classPath) {
    for (String entry : classPath.split(":")) {
      assertThat(Path.of(entry.endsWith("/*") ? entry.substring(0, entry.length() - 2) : entry))
          .exists();
    }
  }

  @Test
  void whatCannotBeWrittenThereIsWrittenToTheUsersCache() throws Exception {
    Path checkout = folder.resolve("checkout");
    Path script = ScriptRun.copyCheckout(checkout);
    // For root, too, who may write anywhere
    Files.createFile(checkout.resolve(".spark-runtime"));
    Path work = folder.resolve("a spark/work");
    Files.delete(work);
    Files.createFile(work);

    ScriptRun run = run(script, "--jar", "program.jar", "train");
    assertThat(run.code()).as(run.err()).isZero();
    Path home = Path.of(run.out().lines().findFirst().orElseThrow());
    assertThat(home).startsWith(cache);
    assertThat(home.resolve("bin/spark-submit")).exists();
    assertThat(home.resolve("jars/spark-core_2.12-3.5.9.jar")).exists();
    assertThat(checkout.resolve(".spark-runtime")).isEmptyFile();
  }

  @Test
  void saysWhereNothingCanBeWritten() throws Exception {
    Path asked = folder.resolve("asked.sh");
    Files.writeString(
        asked,
        "root=/checkout; fail() { echo \"$1\"; exit 1; }; . \"$1\"; can_write() { false; }; own_folder");

    Path functions = ScriptRun.root().resolve("cluster-configs/artifacts.sh");
    ScriptRun run = run(asked, functions.toString());
    assertThat(run.out())
        .isEqualTo(
            "Cannot keep anything for /checkout: neither it nor ~/.cache nor /tmp can be written;"
                + " set XDG_CACHE_HOME to a folder that can be\n");
  }

  @Test
  void whatIsThereNeedsNoLock() throws Exception {
    Path checkout = folder.resolve("checkout");
    Path script = ScriptRun.copyCheckout(checkout);
    Path built = checkout.resolve("spark-jobs/target/dropblock-spark-0.1.0-SNAPSHOT.jar");
    Files.createDirectories(built.getParent());
    Files.createFile(built);

    for (List<String> command :
        List.of(List.of("train", "--help"), List.of("describe", "demo"), List.of("--version"))) {
      ScriptRun run = run(script, command.toArray(String[]::new));
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.err()).isEmpty();
    }
    assertThat(checkout.resolve(".spark-runtime")).doesNotExist();
  }

  /** With --jar nothing is built. */
  @Test
  void theJarToSubmitDoesNotMeasure() throws Exception {
    Path checkout = folder.resolve("checkout");
    Path script = ScriptRun.copyCheckout(checkout);
    Path jar = Files.createFile(folder.resolve("own.jar"));

    run(script, "--jar", jar.toString(), "bench", "op")
        .assertFails(
            1,
            "Cannot measure: there is no "
                + checkout
                + "/dropblock-bench/target/dropblock-bench-0.1.0-SNAPSHOT.jar;"
                + " build it with ./mvnw -DskipTests package");
  }

  @Test
  void namesAUserWhomTheSystemDoesNot() throws Exception {
    executable(
        folder.resolve("bin/id"), "echo 'id: cannot find name for user ID 4711' >&2; exit 1");
    environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("HADOOP_USER_NAME", "ada");
    environment.put("HOME", folder.resolve("bin").toString());

    ScriptRun run =
        run(ScriptRun.root().resolve("submit.sh"), "--dry-run", "--jar", "/x.jar", "train");
    for (String jvm : List.of("driver", "executor")) {
      assertThat(run.setting("spark." + jvm + ".defaultJavaOptions"))
          .contains("\"-javaagent:/x.jar=ada\"", "\"-Duser.name=ada\"")
          .contains("\"-Duser.home=" + folder.resolve("bin") + "\"");
    }
    run(
            ScriptRun.root().resolve("submit.sh"),
            "--cluster=standalone",
            "--jar=local:///x.jar",
            "train")
        .assertFails(
            1,
            "Cannot submit local:///x.jar as user "
                + Files.getAttribute(folder, "unix:uid")
                + ", who has no name on this machine: say --jar FILE");
  }

  @Test
  void aClusterOnThisMachineSaysWhereItCannotStart() throws Exception {
    ScriptRun.copyCheckout(folder.resolve("a:b"));
    Path start = folder.resolve("a:b/cluster-configs/standalone/cluster.sh");
    run(Files.createSymbolicLink(folder.resolve("cluster"), start), "start")
        .assertFails(
            1,
            "Cannot start the cluster from "
                + folder.resolve("a:b")
                + ": a class path ends at a colon; give the checkout another name, or a link");
    Path plain = folder.resolve("plain");
    ScriptRun.copyCheckout(plain);
    Files.createFile(plain.resolve(".spark-runtime"));
    run(plain.resolve("cluster-configs/standalone/cluster.sh"), "start")
        .assertFails(
            1,
            "Cannot start the cluster: "
                + plain
                + "/.spark-runtime/standalone/work cannot be written");
  }

  @Test
  void needsFewTools() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("env", "readlink", "dirname", "sed", "id", "chmod", "rm", "cat")) {
      Files.createSymbolicLink(tools.resolve(tool), where(tool));
    }
    environment.put("PATH", tools.toString());

    ScriptRun run = run(ScriptRun.root().resolve("submit.sh"), "--dry-run", "train", "demo");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("spark-submit").endsWith(" train demo\n");
  }

  private static Path where(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(path -> Path.of(path, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void knowsWhereProgramsMayRun() throws Exception {
    Path asked = folder.resolve("asked.sh");
    Files.writeString(asked, ". \"$1\"; can_execute \"$2\" && echo yes || echo no");
    Path functions = ScriptRun.root().resolve("cluster-configs/artifacts.sh");
    Path empty = Files.createDirectories(folder.resolve("empty"));

    assertThat(run(asked, functions.toString(), empty.toString()).out()).isEqualTo("yes\n");
    assertThat(empty).isEmptyDirectory();
    assertThat(run(asked, functions.toString(), "/proc").out()).isEqualTo("no\n");
  }

  @Test
  void scriptsKeepTheirLineEnds() throws Exception {
    Path scripts = ScriptRun.copyCheckout(folder.resolve("checkout")).getParent();
    Files.copy(ScriptRun.root().resolve(".gitattributes"), scripts.resolve(".gitattributes"));
    Path script = folder.resolve("git.sh");
    Files.writeString(
        script,
        """
        cd checkout || exit
        command -v git >/dev/null || exit 77
        export GIT_CONFIG_NOSYSTEM=1 HOME=$PWD
        git init -q && git config core.autocrlf true && git add . && rm -r submit.sh cluster-configs && git checkout -q -- .
        """);
    ScriptRun run = run(script);
    assumeThat(run.code()).as("git is there").isNotEqualTo(77);
    assertThat(run.code()).as(run.err()).isZero();
    List<Path> checkedOut = new ArrayList<>(List.of(scripts.resolve("submit.sh")));
    try (Stream<Path> files = Files.walk(scripts.resolve("cluster-configs"))) {
      files.filter(Files::isRegularFile).forEach(checkedOut::add);
    }
    for (Path file : checkedOut) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain("\r");
    }
  }

  private ScriptRun run(Path script, String... arguments) throws Exception {
    return ScriptRun.of(folder, script, environment, arguments);
  }

  private static String after(List<String> lines, String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .orElseThrow()
        .substring(prefix.length());
  }
}
