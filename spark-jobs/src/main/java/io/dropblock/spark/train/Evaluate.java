package io.dropblock.spark.train;

import io.dropblock.metric.Scores;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.train.failure.NotFiniteException;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures the network on the validation images.
 *
 * @param spark runs the job
 * @param evaluation the images, and how they are measured
 * @param every epochs between two evaluations, at least 1; the last epoch is always measured
 * @param epochs of the run
 */
public record Evaluate(JavaSparkContext spark, Evaluation evaluation, int every, int epochs)
    implements EpochHook {

  /**
   * @throws NotFiniteException if an output is not finite
   */
  @Override
  public EpochEnd after(EpochEnd end) {
    int done = end.plan().epoch() + 1;
    if (done % every != 0 && done != epochs) {
      return end;
    }
    spark.setJobDescription(String.format(Locale.ROOT, "epoch %d/%d · evaluation", done, epochs));
    try {
      Scores scores = evaluation.run(spark, end.network()).scores();
      if (!Double.isFinite(scores.primary().value())) {
        throw NotFiniteException.after(
            "the output for the validation images", end.plan().lastStep() + 1);
      }
      return end.measured(scores);
    } finally {
      spark.setJobDescription(null);
    }
  }
}
