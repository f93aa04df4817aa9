package io.dropblock.spark.bench.averaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.dropblock.spark.data.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The measurement that started this process, seen from inside: {@link Child} is its side. */
final class Parent {
  private static final int ABANDONED = 3;

  private final PrintStream out = System.out;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** What a process of a measurement does. */
  @FunctionalInterface
  interface Work {
    void run(Parent parent) throws Exception;
  }

  private Parent() {
    Thread reader = new Thread(this::listen, "parent-input");
    reader.setDaemon(true);
    reader.start();
  }

  /** Works for it, and exits: with 0, or with 1 and a line that says why. */
  static void serve(Work work) {
    Parent parent = new Parent();
    try {
      work.run(parent);
      System.exit(0);
    } catch (Throwable e) {
      // Whatever it is, the measurement has to know
      parent.say(Child.FAILED + DataException.reason(e));
      System.exit(1);
    }
  }

  private void listen() {
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // As the end of the input: nobody is left to measure for
    }
    Runtime.getRuntime().halt(ABANDONED);
  }

  /** Waits for the next line. */
  String hear() throws InterruptedException {
    return lines.take();
  }

  void say(String line) {
    out.println(Child.MARK + line);
    out.flush();
  }

  void say(Record report) {
    try {
      say(Child.MAPPER.writeValueAsString(report));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + report + ": " + e.getOriginalMessage(), e);
    }
  }
}
