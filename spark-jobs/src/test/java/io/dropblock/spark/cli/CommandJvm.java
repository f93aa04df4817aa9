package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command in a JVM of its own, with the log settings of a local run.
 *
 * @param process the JVM
 * @param output what it prints goes there
 */
record CommandJvm(Process process, Path output) {

  /**
   * Starts one.
   *
   * @param folder for what it prints
   * @param settings of Spark, such as {@code spark.master=local[2]}
   */
  static CommandJvm start(Path folder, List<String> settings, List<String> arguments)
      throws IOException {
    Path local = Path.of("..", "cluster-configs", "local").toAbsolutePath().normalize();
    List<String> command = new ArrayList<>();
    // a JVM that was started without ears for a signal starts its children without, too
    command.addAll(List.of("env", "--default-signal=INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("--add-opens"))
            .toList());
    command.addAll(
        List.of(
            // few of its methods are worth more than that
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=" + local.resolve("log4j2.properties"),
            "-Dorg.nd4j.log.initialization=false",
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1"));
    settings.forEach(setting -> command.add("-D" + setting));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    Path output = Files.createTempFile(folder, "printed", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return new CommandJvm(builder.start(), output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal and returns the exit code. */
  int signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    return exitCode();
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(this::printed).isTrue();
    return process.exitValue();
  }

  String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  void end() {
    process.destroyForcibly();
  }
}
