package io.dropblock.bench.process;

import io.dropblock.spark.data.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The measurement that started this process, seen from inside: {@link Child} is its side. Where the
 * measurement is gone, so is this process.
 */
public final class Parent {
  static final int ABANDONED = 3;

  private final PrintStream out = System.out;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /**
   * What a process of a measurement does.
   *
   * @param <J> what it is told to do
   */
  @FunctionalInterface
  public interface Work<J extends Record> {
    /** Does it, and says what came out. */
    void run(J job, Parent parent) throws Exception;
  }

  private Parent() {
    Thread reader = new Thread(this::listen, "parent-input");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Works for it, and exits: with 0, or with 1 and a line that says why.
   *
   * @param arguments of the program: the job as {@link Child#start} writes it
   */
  public static <J extends Record> void serve(String[] arguments, Class<J> job, Work<J> work) {
    Parent parent = new Parent();
    try {
      work.run(Child.read(arguments[0], job), parent);
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
        if (line.startsWith(Child.MARK)) {
          lines.add(line.substring(Child.MARK.length()));
        }
      }
    } catch (IOException e) {
      // As the end of the input: nobody is left to measure for
    }
    Runtime.getRuntime().halt(ABANDONED);
  }

  /** Waits for the next line. */
  public String hear() throws InterruptedException {
    return lines.take();
  }

  /** The next line, if it is there already. */
  public Optional<String> heard() {
    return Optional.ofNullable(lines.poll());
  }

  /** Says a line. */
  public void say(String line) {
    out.println(Child.MARK + line);
    out.flush();
  }

  /** Says a record, as a line. */
  public void say(Record report) {
    say(Child.write(report));
  }
}
