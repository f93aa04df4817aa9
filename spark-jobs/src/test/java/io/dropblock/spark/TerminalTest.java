package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log settings of a cluster kind let through to the terminal, in a JVM of its own. */
class TerminalTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"local", "standalone", "yarn", "kubernetes/conf"})
  void aLostExecutorIsToldInAFile(String kind) throws IOException, InterruptedException {
    assertThat(terminal(kind, "-Ddropblock.networkLog=file"))
        .matches(
            "(?s)\\S+ WARN TaskSchedulerImpl: Initial job has not accepted any resources\\R"
                + "\\S+ WARN Anything: a warning\\R"
                + "our own\\R");
    assertThat(Files.readString(folder.resolve(".spark-runtime/network.log")))
        .contains("WARN TransportChannelHandler: Exception in connection")
        .contains("WARN BlockManagerMasterEndpoint: Error trying to remove broadcast 5")
        .contains("ERROR Inbox: Ignoring error")
        .contains("ERROR TaskSchedulerImpl: Lost executor 0")
        .contains("\tat io.dropblock.spark.LogMain.main")
        .doesNotContain("Initial job", "a warning", "our own");
  }

  /** An executor's standard error is a file already. */
  @Test
  void anExecutorTellsAllInItsOwnLog() throws IOException, InterruptedException {
    assertThat(terminal("local"))
        .contains("WARN TransportChannelHandler: Exception in connection", "our own");
    assertThat(folder.resolve(".spark-runtime")).isEmptyDirectory();
  }

  private String terminal(String kind, String... options) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve(".spark-runtime"));
    Files.createDirectories(folder.resolve("cluster-configs").resolve(kind));
    Path settings = Path.of("..", "cluster-configs", kind).toAbsolutePath().normalize();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-Dlog4j2.configurationFile=" + settings.resolve("log4j2.properties"),
            "-cp",
            System.getProperty("java.class.path"),
            LogMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .put("SPARK_CONF_DIR", folder.resolve("cluster-configs").resolve(kind).toString());
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return printed;
  }
}
