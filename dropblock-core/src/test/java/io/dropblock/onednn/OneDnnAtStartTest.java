package io.dropblock.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.junit.jupiter.api.Test;

/** {@link PlainProgram} in JVMs of its own, where oneDNN tells what it calculates. */
class OneDnnAtStartTest {
  private static final String ON = "oneDNN on, 2 threads";

  @Test
  void programThatNeverNamesUsCalculatesWithOneDnn() throws Exception {
    List<String> classPath = classPath(entry -> true);
    Collections.reverse(classPath);
    List<String> lines = run(classPath, "-Dunused=1");
    assertThat(lines).filteredOn(line -> line.contains("oneDNN o")).singleElement();
    assertThat(lines).anyMatch(line -> line.endsWith(ON));
    assertThat(calculated(lines))
        .contains(
            "convolution forward_inference",
            "convolution backward_data",
            "convolution backward_weights",
            "batch_normalization forward_inference",
            "batch_normalization backward",
            "pooling_v2 forward_inference",
            "pooling_v2 backward_data");
  }

  @Test
  void userSwitchesItOffByTheProperty() throws Exception {
    String off = "-D" + DL4JSystemProperties.DISABLE_HELPER_PROPERTY + "=true";
    List<String> lines = run(classPath(entry -> true), off);
    assertThat(lines).anyMatch(line -> line.endsWith("oneDNN off: switched off by " + off));
    assertThat(calculated(lines)).noneMatch(what -> what.matches("(convolution|batch_norm).*"));
  }

  @Test
  void libraryWithoutOneDnnIsNoticed() throws Exception {
    List<String> lines = run(classPath(entry -> !entry.endsWith("-onednn.jar")), "-Dunused=1");
    assertThat(lines)
        .anyMatch(line -> line.contains("oneDNN off: ND4J's native library is built without it"));
    assertThat(calculated(lines)).isEmpty();
  }

  private static List<String> classPath(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(wanted)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Kind and direction of every calculation in oneDNN's own account, once each. */
  private static List<String> calculated(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("dnnl_verbose,exec,"))
        .map(line -> line.split(","))
        .map(fields -> fields[3] + " " + fields[5])
        .distinct()
        .toList();
  }

  private static List<String> run(List<String> classPath, String option)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dorg.nd4j.log.initialization=false",
                "-Dorg.slf4j.simpleLogger.log.io.dropblock=info",
                option,
                "-cp",
                String.join(File.pathSeparator, classPath),
                PlainProgram.class.getName())
            .redirectErrorStream(true);
    builder.environment().put("OMP_NUM_THREADS", "2");
    builder.environment().put("DNNL_VERBOSE", "1");
    Process process = builder.start();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }
}
