package io.dropblock.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all measurements can be told, and what they have to ask before they begin. */
final class MeasurementOptions {
  static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the figures to this file.")
  private Path json;

  @Option(names = "--quick", description = "Few and short repetitions: to see that it works.")
  private boolean quick;

  /** How figures are written to a file. */
  @FunctionalInterface
  interface Writer {
    void write(Path file) throws IOException;
  }

  /** Whether the figures need not be good. */
  boolean quick() {
    return quick;
  }

  /**
   * Refuses no threads, and more than there are processors.
   *
   * @throws ParameterException if it is such a number
   */
  void requireThreads(int threads) {
    if (threads < 1 || threads > PROCESSORS) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "Invalid number of threads: %d, there are %d processors",
              threads,
              PROCESSORS));
    }
  }

  /** What is thrown for an option that cannot be. */
  ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
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
      throw wrong("Cannot write " + json + ": no such folder, or not ours to write");
    }
  }

  /** Writes if it is asked for. */
  void write(Writer writer) throws IOException {
    if (json != null) {
      writer.write(json);
    }
  }
}
