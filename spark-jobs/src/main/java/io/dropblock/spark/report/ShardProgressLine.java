package io.dropblock.spark.report;

import io.dropblock.spark.data.shard.JobProgress;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How many shards are done, and the time left. On a terminal one line that is written over itself
 * and goes when all is done; elsewhere a line for every tenth of the shards.
 */
public final class ShardProgressLine implements JobProgress {
  private static final String CLEAR_LINE = "\r\u001B[K";

  private final PrintStream out;
  private final boolean terminal;
  private final String verb;
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
    this.out = out;
    this.terminal = terminal;
    this.verb = verb;
  }

  @Override
  public void shards(int done, int all) {
    if (doneBefore < 0) {
      doneBefore = done;
      tenths = 10 * done / Math.max(1, all);
      left = new TimeLeft();
      if (done > 0) {
        out.printf(Locale.ROOT, "Going on: %d of %d shards are finished already%n", done, all);
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

  private String line(int done, int all) {
    return String.format(
        Locale.ROOT,
        "%s %d of %d shards, %s",
        verb,
        done,
        all,
        left.text(done - doneBefore, all - done));
  }
}
