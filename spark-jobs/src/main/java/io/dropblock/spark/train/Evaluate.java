package io.dropblock.spark.train;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.evaluate.example.ExampleLimits;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.NotFiniteException;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures the network on the validation images: by the moving average of its weights where there
 * is one.
 *
 * @param spark runs the job
 * @param evaluation the images, and how they are measured
 * @param every epochs between two evaluations, at least 1; the last epoch is always measured
 * @param epochs of the run
 * @param raw whether the weights themselves are measured beside their average, too; without an
 *     average it says nothing
 */
public record Evaluate(
    JavaSparkContext spark, Evaluation evaluation, int every, int epochs, boolean raw)
    implements EpochHook {
  private static final String RAW = "raw ";

  /** Without the weights themselves beside their average. */
  public Evaluate(JavaSparkContext spark, Evaluation evaluation, int every, int epochs) {
    this(spark, evaluation, every, epochs, false);
  }

  @Override
  public boolean hasOwnSlots() {
    return evaluation.slots() > 0;
  }

  @Override
  public String work() {
    return "evaluation";
  }

  /**
   * @throws NotFiniteException if an output is not finite
   */
  @Override
  public EpochEnd after(EpochEnd end, Consumer<RunEvent> events) {
    int done = end.plan().epoch() + 1;
    if (done % every != 0 && done != epochs) {
      return end;
    }
    JobLabel label =
        new JobLabel(
            "training",
            "evaluate epoch " + done,
            String.format(Locale.ROOT, "epoch %d of %d · evaluation", done, epochs));
    // behind the last epoch the ranks need their slots no more
    Evaluation by = done == epochs ? evaluation.onSlots(0) : evaluation;
    return label.during(spark, () -> measured(by, end));
  }

  private EpochEnd measured(Evaluation by, EpochEnd end) {
    Evaluation.Result result = measure(by, end.network().forInference(), end);
    Scores scores = result.scores();
    if (raw && end.network().hasAverage()) {
      Evaluation besides = by.showing(ExampleLimits.NONE);
      scores = scores.beside(RAW, measure(besides, end.network().raw(), end).scores());
    }
    return end.measured(scores, result);
  }

  private Evaluation.Result measure(Evaluation by, NetworkState network, EpochEnd end) {
    Evaluation.Result result = by.run(spark, network);
    if (!Double.isFinite(result.scores().primary().value())) {
      throw NotFiniteException.after(
          "the output for the validation images", end.plan().lastStep() + 1);
    }
    return result;
  }
}
