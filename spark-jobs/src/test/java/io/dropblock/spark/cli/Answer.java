package io.dropblock.spark.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a user gets for a command line, on a Spark inside this JVM.
 *
 * @param status exit code
 * @param out what it printed
 * @param error what it complained of
 */
public record Answer(int status, String out, String error) {
  /** Scala's own at Spark's end, now and then on a busy machine: a reply that nobody awaits. */
  private static final Pattern LATE_REPLY =
      Pattern.compile(
          "java\\.util\\.concurrent\\.RejectedExecutionException: Task"
              + " scala\\.concurrent\\.impl\\.CallbackRunnable.*\\R(\\tat .*\\R)*");

  /** The answer to a command line. */
  public static Answer to(String... arguments) {
    PrintStream out = System.out;
    PrintStream error = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(arguments);
      return new Answer(
          status,
          printed.toString(StandardCharsets.UTF_8),
          LATE_REPLY.matcher(complained.toString(StandardCharsets.UTF_8)).replaceAll(""));
    } finally {
      System.setOut(out);
      System.setErr(error);
    }
  }
}
