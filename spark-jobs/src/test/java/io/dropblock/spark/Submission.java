package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A command of submit.sh that runs, and the JVMs that it started. */
final class Submission {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path printed;

  private Submission(Process process, Path printed) {
    this.process = process;
    this.printed = printed;
  }

  /** Starts one; a relative path is one below the folder. */
  static Submission start(Path folder, List<String> arguments) throws IOException {
    return start(folder, Map.of(), arguments);
  }

  /** The same with variables of the environment. */
  static Submission start(Path folder, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add("bash");
    command.add(Path.of("..", "submit.sh").toAbsolutePath().normalize().toString());
    command.addAll(arguments);
    Path printed = Files.createTempFile(folder, "printed", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    builder.environment().putAll(environment);
    return new Submission(builder.start(), printed);
  }

  /** Waits for its end. */
  Submission succeed() throws InterruptedException {
    assertThat(process.waitFor()).as(this::text).isZero();
    return this;
  }

  /** Ends it, whatever it is at. */
  void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** The same of one that fails. */
  Submission fail(int code) throws InterruptedException {
    assertThat(process.waitFor()).as(this::text).isEqualTo(code);
    return this;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  List<ProcessHandle> executors() {
    return jvms("CoarseGrainedExecutorBackend").toList();
  }

  ProcessHandle driver() {
    return jvms("org.apache.spark.deploy.SparkSubmit").findFirst().orElseThrow();
  }

  private Stream<ProcessHandle> jvms(String main) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .filter(ProcessHandle::isAlive)
        .filter(jvm -> commandLine(jvm).contains(main));
  }

  /** Java's own leaves out long ones. */
  static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  /** What it has printed so far. */
  String text() {
    try {
      return Files.readString(printed);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The events of a run so far, but for a line that is being written. */
  static List<JsonNode> events(Path run) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    Path file = run.resolve("events.jsonl");
    if (Files.exists(file)) {
      String text = Files.readString(file);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        events.add(JSON.readTree(line));
      }
    }
    return events;
  }

  /** Checksums of a checkpoint's parameters and updater state. */
  static List<String> checksums(Path checkpoint) throws IOException {
    List<String> checksums = new ArrayList<>();
    for (JsonNode file : JSON.readTree(checkpoint.resolve("manifest.json").toFile()).get("files")) {
      if (file.get("name").asText().endsWith(".bin")) {
        checksums.add(file.get("name").asText() + " " + file.get("sha256").asText());
      }
    }
    return checksums;
  }
}
