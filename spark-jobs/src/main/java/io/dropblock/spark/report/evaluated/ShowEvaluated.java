package io.dropblock.spark.report.evaluated;

import io.dropblock.spark.report.ExampleSheet;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.EpochEnd;
import io.dropblock.spark.train.EpochHook;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.WriteFailure;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what an evaluation found: writes it into the run's folder ({@link EvaluatedFolder}), and
 * tells who watches of its images, in a JPEG of at most about {@value #MOST_BYTES} bytes. Of many
 * evaluations about {@value #MOST_TOLD} are told, the first and the last epoch's among them. What
 * fails is told once, and the run goes on.
 */
public final class ShowEvaluated implements EpochHook {
  private static final Logger LOG = LoggerFactory.getLogger(ShowEvaluated.class);
  static final int MOST_BYTES = 60_000;
  static final int MOST_TOLD = 100;
  private static final int SIDE = 128;

  private final RunFolder run;
  private final Labels labels;
  private final Times times;
  private final Consumer<Evaluated> watcher;
  private boolean warned;

  /**
   * Words for people.
   *
   * @param recipe its name
   * @param classes their names by number
   */
  public record Labels(String recipe, List<String> classes) {
    /** Copies the list. */
    public Labels {
      classes = List.copyOf(classes);
    }
  }

  /**
   * When the run evaluates.
   *
   * @param every epochs between two evaluations, at least 1
   * @param epochs of the run
   */
  public record Times(int every, int epochs) {
    /** Whether who watches is told of the evaluation behind so many epochs. */
    boolean areTold(int done) {
      int evaluations = (epochs + every - 1) / every;
      int apart = (evaluations + MOST_TOLD - 1) / MOST_TOLD;
      return done == epochs || (done / every - 1) % apart == 0;
    }
  }

  /**
   * @param watcher told of images, one evaluation after the other
   */
  public ShowEvaluated(RunFolder run, Labels labels, Times times, Consumer<Evaluated> watcher) {
    this.run = run;
    this.labels = labels;
    this.times = times;
    this.watcher = watcher;
  }

  @Override
  public String work() {
    return "examples";
  }

  @Override
  public EpochEnd after(EpochEnd end, Consumer<RunEvent> events) {
    if (end.evaluated() == null) {
      return end;
    }
    int done = end.plan().epoch() + 1;
    EvaluatedEpoch evaluated =
        new EvaluatedEpoch(
            done,
            labels.recipe() + " after " + Count.of(done, "epoch"),
            labels.classes(),
            end.evaluated());
    attempt(
        () -> {
          run.requireLock();
          new EvaluatedFolder(run.files(), run.path()).write(evaluated);
        });
    if (times.areTold(done)) {
      attempt(() -> watcher.accept(told(evaluated)));
    }
    return end;
  }

  static Evaluated told(EvaluatedEpoch evaluated) throws IOException {
    ExampleSheet sheet = new ExampleSheet(List.of(evaluated.worst(), evaluated.right()), SIDE);
    String alt =
        EvaluatedEpoch.alt(evaluated.worst()) + ". " + EvaluatedEpoch.alt(evaluated.right());
    byte[] jpeg = SmallJpeg.of(sheet.draw(), MOST_BYTES);
    return Evaluated.of(evaluated.epochs(), EmbeddedPicture.of("image/jpeg", jpeg, alt));
  }

  private interface Showing {
    void run() throws IOException;
  }

  private void attempt(Showing showing) {
    try {
      showing.run();
    } catch (IOException | FSError | RuntimeException e) {
      if (!warned) {
        warned = true;
        LOG.warn(
            "Cannot show what was evaluated in {}: {}; the run goes on without",
            WriteFailure.address(run.files(), new EvaluatedFolder(run.files(), run.path()).path()),
            WriteFailure.reason(e));
      }
    }
  }
}
