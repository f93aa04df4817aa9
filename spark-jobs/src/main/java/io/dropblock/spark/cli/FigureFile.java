package io.dropblock.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The file that a measurement's figures also go to, if it is asked for. */
final class FigureFile {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the figures to this file.")
  private Path json;

  /** How figures are written to a file. */
  @FunctionalInterface
  interface Writer {
    void write(Path file) throws IOException;
  }

  /**
   * To be asked before the measurement, not after it.
   *
   * @throws ParameterException if it is asked for and cannot be written
   */
  void requireWritable() {
    if (json == null) {
      return;
    }
    Path file = json.toAbsolutePath();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : Files.isWritable(file.getParent());
    if (!writable) {
      throw new ParameterException(
          command.commandLine(), "Cannot write " + json + ": no such folder, or not ours to write");
    }
  }

  /** Writes if it is asked for. */
  void write(Writer writer) throws IOException {
    if (json != null) {
      writer.write(json);
    }
  }
}
