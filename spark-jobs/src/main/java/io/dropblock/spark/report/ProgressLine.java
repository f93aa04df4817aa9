package io.dropblock.spark.report;

import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.event.RunEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One line that says where a run stands: epoch, step, loss, images a second, keep probability and
 * the time left. On a terminal it is written over itself; elsewhere it is printed for the first
 * steps and then once a minute. The line of a finished epoch is printed on both.
 */
public final class ProgressLine implements Consumer<RunEvent> {
  private static final String CLEAR_LINE = "\r\u001B[K";
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final PrintStream out;
  private final boolean terminal;

  /** What each line begins with. */
  private final String prefix;

  private final LongSupplier nanoTime;

  /** How long steps take: since the first ones, which are slower, or since a failure. */
  private volatile TimeLeft left;

  private volatile long countedFrom;
  private volatile double imagesPerSecond = Double.NaN;
  private long printed;
  private volatile RunEvent.Started run;
  private volatile long stepsDone;
  private volatile boolean stopped;

  /**
   * @param out where to print
   * @param terminal whether a line can be written over
   */
  public ProgressLine(PrintStream out, boolean terminal) {
    this(out, terminal, "", System::nanoTime);
  }

  /**
   * Of one of several runs that tell of themselves at the same time: whole lines that begin with
   * its name.
   */
  public static ProgressLine named(PrintStream out, String name) {
    return new ProgressLine(out, false, name + ": ", System::nanoTime);
  }

  ProgressLine(PrintStream out, boolean terminal, String prefix, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.prefix = prefix;
    this.nanoTime = nanoTime;
    this.printed = nanoTime.getAsLong() - MINUTE;
  }

  @Override
  public void accept(RunEvent event) {
    if (stopped) {
      return;
    }
    if (event instanceof RunEvent.Started started) {
      run = started;
      stepsDone = started.firstStep();
      count();
      out.println(prefix + line(started));
      leftOver(started).ifPresent(text -> out.println(prefix + text));
    } else if (event instanceof RunEvent.Steps steps) {
      stepsDone = steps.step() + 1;
      boolean first = Double.isNaN(imagesPerSecond);
      imagesPerSecond = steps.imagesPerSecond();
      if (first) {
        count();
      }
      print(steps);
    } else if (event instanceof RunEvent.Note note) {
      say(note.text());
    } else if (event instanceof RunEvent.Failed failed) {
      stepsDone = failed.step();
      count();
      say(line(failed));
    } else if (event instanceof RunEvent.Ranks change) {
      stepsDone = change.step();
      count();
      say(line(change));
    } else if (event instanceof RunEvent.Stopped it) {
      stepsDone = it.step() + 1;
    } else if (event instanceof RunEvent.Epoch epoch) {
      // it may come among the steps of the next one
      stepsDone = Math.max(stepsDone, (epoch.epoch() + 1L) * run.stepsPerEpoch());
      say(line(epoch));
      printed = nanoTime.getAsLong();
    }
  }

  private void print(RunEvent.Steps steps) {
    if (terminal) {
      out.print(CLEAR_LINE + line(steps));
      out.flush();
    } else if (nanoTime.getAsLong() - printed >= MINUTE) {
      printed = nanoTime.getAsLong();
      say(line(steps));
    }
  }

  /** In one piece, as others may print, too. */
  private void say(String line) {
    out.println((terminal ? CLEAR_LINE : "") + prefix + line);
  }

  private static String line(RunEvent.Started started) {
    return String.format(
        Locale.ROOT,
        "Training %s: %,d parameters, %d rank%s, global batch %d, epochs %d to %d of %d step%s",
        started.recipe(),
        started.parameters(),
        started.world(),
        started.world() == 1 ? "" : "s",
        started.globalBatch(),
        started.firstStep() / started.stepsPerEpoch() + 1,
        started.epochs(),
        started.stepsPerEpoch(),
        started.stepsPerEpoch() == 1 ? "" : "s");
  }

  private static Optional<String> leftOver(RunEvent.Started run) {
    long left = run.images() - (long) run.stepsPerEpoch() * run.globalBatch();
    return left <= 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%,d of %,d images %s left over in each epoch, as they do not fill a step; others"
                    + " each time",
                left,
                run.images(),
                left == 1 ? "is" : "are"));
  }

  /**
   * Says how far the run has come as it is being ended, and nothing from then on. May be called by
   * any thread.
   *
   * @param further how to go on with it
   */
  public String stop(String further) {
    stopped = true;
    if (terminal) {
      out.print(CLEAR_LINE);
      out.flush();
    }
    return prefix
        + (run == null
            ? "Stopped before the first step; the same command starts again"
            : String.format(
                Locale.ROOT,
                "Stopped at step %d of %d; %s",
                stepsDone,
                (long) run.epochs() * run.stepsPerEpoch(),
                further));
  }

  private String line(RunEvent.Steps steps) {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d  step %d/%d  loss %.3f  %.0f images/s  keep_prob %.3f  %s",
        steps.epoch() + 1,
        run.epochs(),
        steps.step() + 1 - (long) steps.epoch() * run.stepsPerEpoch(),
        run.stepsPerEpoch(),
        steps.loss(),
        steps.imagesPerSecond(),
        steps.keepProbability(),
        timeLeft());
  }

  private String line(RunEvent.Epoch epoch) {
    String score = epoch.scores() == null ? "" : "  " + epoch.scores().primary().brief();
    return String.format(
        Locale.ROOT,
        "epoch %d/%d  loss %.3f%s  %.0f images/s  keep_prob %.3f  %s",
        epoch.epoch() + 1,
        run.epochs(),
        epoch.loss(),
        score,
        epoch.imagesPerSecond(),
        epoch.keepProbability(),
        timeLeft());
  }

  private static String line(RunEvent.Failed failed) {
    String without =
        failed.leftOut().isEmpty() ? "" : ", without " + String.join(", ", failed.leftOut());
    if (failed.failures() == 0) {
      return String.format(
          Locale.ROOT, "Going on with step %d: %s", failed.step() + 1, failed.reason());
    }
    return String.format(
        Locale.ROOT,
        "Failure %d of at most %d in a row: %s. Going on with step %d%s",
        failed.failures(),
        failed.most(),
        failed.reason(),
        failed.step() + 1,
        without);
  }

  private static String line(RunEvent.Ranks change) {
    return String.format(
        Locale.ROOT,
        "Going on with %s in place of %d from step %d",
        Count.of(change.ranks(), "rank"),
        change.before(),
        change.step() + 1);
  }

  private void count() {
    left = new TimeLeft(nanoTime);
    countedFrom = stepsDone;
  }

  private String timeLeft() {
    long further = (long) run.epochs() * run.stepsPerEpoch() - stepsDone;
    if (stepsDone > countedFrom) {
      return left.text(stepsDone - countedFrom, further);
    }
    double seconds = further * run.globalBatch() / imagesPerSecond;
    return TimeLeft.text(Duration.ofMillis((long) (1000 * seconds)));
  }
}
