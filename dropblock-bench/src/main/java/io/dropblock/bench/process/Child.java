package io.dropblock.bench.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.bench.figure.MeasurementException;
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
public final class Child implements AutoCloseable {
  /** For a JVM whose arrays are not on the heap: JavaCPP would bound them by its size. */
  public static final List<String> NATIVE_MEMORY =
      List.of(
          "-Dorg.bytedeco.javacpp.maxbytes=1024g",
          "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
          "-Dorg.nd4j.log.initialization=false");

  /** Tells our lines from those that a library prints. */
  static final String MARK = "bench: ";

  /** What a line begins with that says why there will be no other. */
  static final String FAILED = "FAILED ";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int KILLED = 137;

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
   * @param main the program, which calls {@link Parent#serve}; its argument is the job
   * @param options of the JVM
   * @param environment added to this one's
   * @throws MeasurementException if none can be started
   */
  public static Child start(
      Class<?> main, Record job, List<String> options, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), main.getName(), write(job)));
    return start(command, environment);
  }

  static Child start(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new Child(builder.start());
    } catch (IOException e) {
      throw new MeasurementException("no JVM could be started: " + e.getMessage(), e);
    }
  }

  /** The environment of a process whose OpenMP and OpenBLAS have so many threads. */
  public static Map<String, String> threads(int threads) {
    String number = Integer.toString(threads);
    return Map.of(
        "OMP_NUM_THREADS",
        number,
        "OPENBLAS_NUM_THREADS",
        number,
        "OMP_WAIT_POLICY",
        "PASSIVE",
        "GOMP_SPINCOUNT",
        "5000");
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

  /** Tells it a line. */
  public void tell(String line) {
    orders.println(MARK + line);
  }

  /**
   * Waits for its next line.
   *
   * @throws MeasurementException if the process failed, or is gone
   */
  public String answer() {
    try {
      Optional<String> line = lines.take();
      if (line.isEmpty()) {
        throw new MeasurementException(end(process.waitFor()));
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

  private String end(int code) {
    return String.format(
        Locale.ROOT,
        "its JVM ended with %d%s: %s",
        code,
        code == KILLED ? ", as one that took too much memory does" : "",
        last);
  }

  /**
   * Waits for its next line, which is to be this one.
   *
   * @throws MeasurementException if it is another, the process failed, or is gone
   */
  public void await(String expected) {
    String line = answer();
    if (!line.equals(expected)) {
      throw new MeasurementException("its JVM said '" + line + "', not '" + expected + "'");
    }
  }

  /**
   * Waits for its next line, which is to be the text of a record.
   *
   * @throws MeasurementException if it is none, the process failed, or is gone
   */
  public <T extends Record> T answer(Class<T> type) {
    return read(answer(), type);
  }

  /** A record in one line. */
  static String write(Record value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value + ": " + e.getOriginalMessage(), e);
    }
  }

  /** Reads what {@link #write} wrote. */
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
