package io.dropblock.spark.report;

import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.text.Count;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * How many shards, or other parts of some work, are done, and the time left. On a terminal one line
 * that is written over itself and goes when all is done; elsewhere a line for every tenth of the
 * shards.
 */
public final class ShardProgressLine implements JobProgress {
  private static final String CLEAR_LINE = "\r\u001B[K";

  /**
   * Between two lines about waiting; before the first, too, as executors take some time to come.
   */
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final PrintStream out;
  private final boolean terminal;
  private final String verb;
  private final String thing;
  private Duration toldOfWaiting = Duration.ZERO;
  private TimeLeft left;
  private int doneBefore = -1;
  private int tenths;

  /**
   * Prints nothing yet.
   *
   * @param out where to print
   * @param terminal whether a line can be written over
   * @param verb what was done to the shards, such as "checked"
   */
  public ShardProgressLine(PrintStream out, boolean terminal, String verb) {
    this(out, terminal, verb, "shard");
  }

  /**
   * The same of other parts.
   *
   * @param thing what one is called
   */
  public ShardProgressLine(PrintStream out, boolean terminal, String verb, String thing) {
    this.out = out;
    this.terminal = terminal;
    this.verb = verb;
    this.thing = thing;
  }

  @Override
  public void shards(int done, int all) {
    if (doneBefore < 0) {
      doneBefore = done;
      tenths = 10 * done / Math.max(1, all);
      left = new TimeLeft();
      if (done > 0) {
        out.printf(
            Locale.ROOT,
            "Continuing: %d of %s finished already%n",
            done,
            Count.of(all, thing + " is", thing + "s are"));
      }
    } else if (done == all) {
      out.print(terminal ? CLEAR_LINE : "");
    } else if (done > doneBefore && terminal) {
      out.print(CLEAR_LINE + line(done, all));
      out.flush();
    } else if (done > doneBefore && 10 * done / all > tenths) {
      tenths = 10 * done / all;
      out.println(line(done, all));
    }
  }

  @Override
  public void waiting(Duration missing) {
    String text =
        String.format(Locale.ROOT, "waiting for executors, %d s so far", missing.toSeconds());
    if (terminal) {
      out.print(CLEAR_LINE + text);
      out.flush();
    } else if (missing.minus(toldOfWaiting).compareTo(BETWEEN_LINES) >= 0
        || missing.compareTo(toldOfWaiting) < 0) {
      toldOfWaiting = missing;
      out.println(text);
    }
  }

  private String line(int done, int all) {
    return String.format(
        Locale.ROOT,
        "%s %d of %s, %s",
        verb,
        done,
        Count.of(all, thing),
        left.text(done - doneBefore, all - done));
  }
}
