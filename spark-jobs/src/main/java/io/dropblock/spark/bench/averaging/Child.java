package io.dropblock.spark.bench.averaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.bench.step.MeasurementException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A JVM with this one's class path that measures, seen from here; {@link Parent} is the other side.
 * Each tells the other lines of text. Closing it ends the process.
 */
final class Child implements AutoCloseable {
  /** Tells our lines from those that a library prints. */
  static final String MARK = "bench averaging: ";

  /** What a line begins with that says why there will be no other. */
  static final String FAILED = "FAILED ";

  static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process process;
  private final PrintStream orders;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private volatile String last = "no word of it";

  private Child(Process process) {
    this.process = process;
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::listen, "child-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a JVM.
   *
   * @param main the program; its argument is the job
   * @param options of the JVM
   * @param environment added to this one's
   */
  static Child start(
      Class<?> main, Record job, List<String> options, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    try {
      command.add(MAPPER.writeValueAsString(job));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      return new Child(builder.start());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + job + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MeasurementException("no JVM could be started: " + e.getMessage(), e);
    }
  }

  private void listen() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(MARK)) {
          lines.add(Optional.of(line.substring(MARK.length())));
        }
        last = line.isBlank() ? last : line.strip();
      }
    } catch (IOException e) {
      last = e.getMessage();
    }
    lines.add(Optional.empty());
  }

  void tell(String line) {
    orders.println(line);
  }

  /**
   * Waits for the next line.
   *
   * @throws MeasurementException if the process failed, or is gone
   */
  String answer() {
    try {
      Optional<String> line = lines.take();
      if (line.isEmpty()) {
        throw new MeasurementException(
            String.format(Locale.ROOT, "its JVM ended with %d: %s", process.waitFor(), last));
      }
      if (line.get().startsWith(FAILED)) {
        throw new MeasurementException(line.get().substring(FAILED.length()));
      }
      return line.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeasurementException("interrupted", e);
    }
  }

  /** The next line as what was written there. */
  <T extends Record> T answer(Class<T> type) {
    return read(answer(), type);
  }

  static <T extends Record> T read(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new MeasurementException(
          "Cannot read a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
