package io.dropblock.spark.objective;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.feed.Targets;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One class an image. Labels are class numbers {@code [N, 1]}, or where images were mixed, two of
 * them and the weight of the first {@code [N, 3]}; the network's one output is {@code [N,
 * classes]}, probabilities. Measured by top-1 and, where that says something, top-5 accuracy.
 *
 * @param classes number of classes, at least 2
 */
public record Classification(int classes) implements Objective<TopKAccuracy> {
  private static final int MANY = 5;

  /** Checks that there is something to tell apart. */
  public Classification {
    if (classes < 2) {
      throw new IllegalArgumentException("Invalid classification: " + classes + " classes");
    }
  }

  @Override
  public INDArray[] labels(Targets targets) {
    ClassTargets batch = (ClassTargets) targets;
    return new INDArray[] {FloatArrays.over(batch.numbers(), batch.size(), batch.columns())};
  }

  @Override
  public TopKAccuracy metric() {
    return classes > MANY ? new TopKAccuracy(1, MANY) : new TopKAccuracy(1);
  }

  /**
   * @throws IllegalArgumentException if the images were mixed, as none of them is of one class
   */
  @Override
  public void add(TopKAccuracy metric, INDArray[] outputs, Targets targets) {
    ClassTargets batch = (ClassTargets) targets;
    if (batch.areMixed()) {
      throw new IllegalArgumentException(
          "Cannot measure accuracy on mixed images: each is of two classes");
    }
    metric.add(outputs[0], batch.labels());
  }
}
