package io.dropblock.spark.cli.assembly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * docs/trials/check_onnx.py, where a python3 has the package onnx.
 *
 * @param python the program
 * @param folder for what it prints
 */
public record OnnxChecker(String python, Path folder) {
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

  /** Skips the test where there is none. */
  public static OnnxChecker required(Path folder) throws IOException, InterruptedException {
    for (String python : PYTHONS) {
      OnnxChecker checker = new OnnxChecker(python, folder);
      if (checker.run(Stream.of("-c", "import onnx")).status() == 0) {
        return checker;
      }
    }
    return Assumptions.abort("none of " + PYTHONS + " has the package onnx");
  }

  /**
   * What it says.
   *
   * @param status 0 if all models are fine
   * @param text what it printed
   */
  public record Answer(int status, String text) {

    /** How many models it likes. */
    public long fine() {
      return text.lines().filter(line -> line.startsWith("fine: ")).count();
    }
  }

  /** Looks at some models. */
  public Answer check(List<Path> models) throws IOException, InterruptedException {
    Path script = Path.of("..").toAbsolutePath().normalize().resolve("docs/trials/check_onnx.py");
    return run(Stream.concat(Stream.of(script), models.stream()).map(Path::toString));
  }

  private Answer run(Stream<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python));
    command.addAll(arguments.toList());
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
