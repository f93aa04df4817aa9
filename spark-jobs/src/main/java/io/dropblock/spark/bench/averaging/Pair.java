package io.dropblock.spark.bench.averaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two JVMs of this class path on this machine. Each says its port, is told both, runs its rounds
 * and says their times: one line of text a time.
 */
final class Pair implements AutoCloseable {
  private static final int SIDES = 2;

  private final List<Process> processes = new ArrayList<>();
  private final List<BufferedReader> answers = new ArrayList<>();

  /**
   * Starts both and returns the milliseconds of each round, those of the slower side.
   *
   * @param main the program of a side; its arguments are its rank and those of the case
   */
  static double[] milliseconds(Class<?> main, AveragingCase of) {
    try (Pair pair = new Pair()) {
      for (int rank = 0; rank < SIDES; rank++) {
        pair.start(main, rank, of);
      }
      String ports = pair.answer(0) + " " + pair.answer(1);
      for (Process process : pair.processes) {
        new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8).println(ports);
      }
      double[] slower = new double[of.rounds()];
      for (int rank = 0; rank < SIDES; rank++) {
        double[] times =
            Arrays.stream(pair.answer(rank).split(" ")).mapToDouble(Double::parseDouble).toArray();
        Arrays.setAll(slower, round -> Math.max(slower[round], times[round]));
      }
      return slower;
    } catch (IOException e) {
      throw new IllegalStateException("Cannot measure averaging: " + e.getMessage(), e);
    }
  }

  private void start(Class<?> main, int rank, AveragingCase of) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                // Two arrays of the size of ResNet-50's and more
                "-XX:MaxDirectMemorySize=4g",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                Integer.toString(rank),
                Integer.toString(of.elements()),
                of.wire().name(),
                Integer.toString(of.warmUpRounds()),
                Integer.toString(of.rounds()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    answers.add(process.inputReader(StandardCharsets.UTF_8));
  }

  private String answer(int rank) throws IOException {
    String line = answers.get(rank).readLine();
    if (line == null) {
      throw new IOException("rank " + rank + " ended early; it says why above");
    }
    return line;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
