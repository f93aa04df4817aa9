package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's own checker likes all models of all families; where python3 has it. */
class OnnxCheckerTest {
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

  @TempDir private Path folder;

  @Test
  void passesAllModels() throws IOException, InterruptedException {
    String python = pythonWithOnnx();
    List<String> models = new ArrayList<>();
    for (OnnxFamily family : OnnxFamily.all().toList()) {
      ComputationGraph network = family.parts().network();
      boolean detects = family.equals(OnnxFamily.detecting());
      for (int variant = 0; variant < (detects ? 8 : 4); variant++) {
        Path file = folder.resolve(family.name() + "-" + variant + ".onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
          family
              .model(network, (variant & 1) == 1, (variant & 2) == 2, (variant & 4) == 4)
              .write(out);
        }
        models.add(file.toString());
      }
    }
    List<String> command = new ArrayList<>(List.of(script().toString()));
    command.addAll(models);
    Answer answer = run(python, command);
    assertThat(answer.status()).as(answer.text()).isZero();
    assertThat(answer.text().lines().filter(line -> line.startsWith("fine: "))).hasSameSizeAs(models);
  }

  /** And says so where it does not. */
  @Test
  void isAsked() throws IOException, InterruptedException {
    String python = pythonWithOnnx();
    Path file = folder.resolve("none.onnx");
    Files.writeString(file, "this is no model");
    Answer answer = run(python, List.of(script().toString(), file.toString()));
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.text()).contains("WRONG: " + file);
  }

  private static Path script() {
    return Path.of("..").toAbsolutePath().normalize().resolve("docs/trials/check_onnx.py");
  }

  private record Answer(int status, String text) {}

  private String pythonWithOnnx() throws IOException, InterruptedException {
    for (String python : PYTHONS) {
      if (run(python, List.of("-c", "import onnx")).status() == 0) {
        return python;
      }
    }
    return Assumptions.abort("none of " + PYTHONS + " has the package onnx");
  }

  private Answer run(String python, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python));
    command.addAll(arguments);
    Path output = Files.createTempFile(folder, "python", ".txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return new Answer(-1, e.getMessage());
    }
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Answer(process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
