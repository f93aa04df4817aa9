package io.dropblock.spark.bench.step;

import io.dropblock.spark.bench.step.Signal.Word;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The process of a rank, seen from the measurement. Closing it ends the process. */
final class RankProcess implements AutoCloseable {
  private static final int HEAP_MIB = 1024;
  private static final int KILLED = 137;

  private final Process process;
  private final PrintStream orders;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  private RankProcess(Process process) {
    this.process = process;
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::listen, "rank-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a JVM for a job, with this one's class path. */
  static RankProcess start(StepJob job) {
    long batchMib = (long) job.images().elements() * Float.BYTES >> 20;
    return start(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // The resident size then shrinks with the garbage on the heap
            "-XX:+UseG1GC",
            String.format(Locale.ROOT, "-Xmx%dm", HEAP_MIB + SyntheticBatches.BATCHES * batchMib),
            "-XX:ActiveProcessorCount=" + job.threads(),
            // The arrays are not on the heap, and JavaCPP would bound them by its size
            "-Dorg.bytedeco.javacpp.maxbytes=1024g",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-Dorg.nd4j.log.initialization=false",
            "-Dorg.eclipse.deeplearning4j.helpers.disable=" + !job.helpers(),
            "-cp",
            System.getProperty("java.class.path"),
            RankMain.class.getName(),
            Signal.write(job)),
        job.threads());
  }

  static RankProcess start(List<String> command, int threads) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String number = Integer.toString(threads);
    builder
        .environment()
        .putAll(
            Map.of(
                "OMP_NUM_THREADS", number,
                "OPENBLAS_NUM_THREADS", number,
                "OMP_WAIT_POLICY", "PASSIVE"));
    try {
      return new RankProcess(builder.start());
    } catch (IOException e) {
      throw new MeasurementException("no JVM could be started: " + e.getMessage(), e);
    }
  }

  private void listen() {
    String last = "no word of it";
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Signal.parse(line).ifPresent(signals::add);
        last = line.isBlank() ? last : line.strip();
      }
    } catch (IOException e) {
      last = e.getMessage();
    }
    signals.add(new Signal(Word.ENDED, last));
  }

  void tell(Word word) {
    orders.println(Signal.of(word).line());
  }

  /**
   * Waits for the next word of the process, and returns what came with it.
   *
   * @throws MeasurementException if it is another word: it failed, or it is gone
   */
  String await(Word expected) {
    try {
      Signal signal = signals.take();
      if (signal.word() == expected) {
        return signal.payload();
      }
      if (signal.word() == Word.ENDED) {
        throw new MeasurementException(end(process.waitFor(), signal.payload()));
      }
      throw new MeasurementException(
          signal.word() == Word.FAILED ? signal.payload() : "unexpected " + signal.line());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeasurementException("interrupted", e);
    }
  }

  private static String end(int code, String last) {
    return String.format(
        Locale.ROOT,
        "its JVM ended with %d%s: %s",
        code,
        code == KILLED ? ", as one that took too much memory does" : "",
        last);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
