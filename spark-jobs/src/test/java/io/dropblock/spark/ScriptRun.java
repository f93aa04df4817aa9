package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What became of a script.
 *
 * @param code exit code
 * @param out what it printed
 * @param err what it complained of
 */
record ScriptRun(int code, String out, String err) {

  /** Runs submit.sh or another script in a folder, with some variables of the environment. */
  static ScriptRun of(
      Path folder, Path script, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", script.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> env = builder.environment();
    env.keySet().removeIf(key -> key.matches("SPARK_.*|HADOOP_.*|YARN_CONF_DIR|BASH_ENV"));
    env.put("JAVA_HOME", System.getProperty("java.home"));
    env.putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", script).isTrue();
    return new ScriptRun(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** The words of a printed command, as a shell reads them. */
  List<String> words() throws IOException, InterruptedException {
    assertThat(code).as(err).isZero();
    Process shell = new ProcessBuilder("bash", "-c", "printf '%s\\0' " + out).start();
    shell.getOutputStream().close();
    String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    return List.of(words.split("\0"));
  }

  /** The value of a setting in the printed command, the last one, as it is the strongest. */
  String setting(String key) throws IOException, InterruptedException {
    return words().stream()
        .filter(word -> word.startsWith(key + "="))
        .reduce((first, second) -> second)
        .map(word -> word.substring(key.length() + 1))
        .orElseThrow(() -> new AssertionError(key + " is not in " + out));
  }

  /** What does not fit the message is an error. */
  void assertFails(int status, String message) {
    assertThat(err).isEqualTo(message + "\n");
    assertThat(out).isEmpty();
    assertThat(code).isEqualTo(status);
  }

  /** An executable script. */
  static void executable(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** What submit.sh needs of a checkout, copied without anything that was made in it. */
  static Path copyCheckout(Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : List.of("submit.sh", "pom.xml", "cluster-configs")) {
      Path from = root().resolve(name);
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(root().relativize(file).toString()));
        }
      }
    }
    return to.resolve("submit.sh");
  }

  /** The checkout of this test. */
  static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("submit.sh"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException(
            "Cannot find submit.sh above " + Path.of("").toAbsolutePath());
      }
    }
    return path;
  }
}
