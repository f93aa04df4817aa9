package io.dropblock.spark.objective;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.feed.Targets;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One class an image. Labels are class numbers {@code [N, 1]}, or where images were mixed, two of
 * them and the weight of the first {@code [N, 3]}; the network's first output is {@code [N,
 * classes]}, probabilities. Measured by top-1 and, where that says something, top-5 accuracy.
 *
 * @param classes number of classes, at least 2
 * @param outputs of the network in training, at least 1, which all learn the same; the first is
 *     measured
 */
public record Classification(int classes, int outputs) implements Objective<TopKAccuracy> {
  private static final int MANY = 5;

  /** Of a network with one output. */
  public Classification(int classes) {
    this(classes, 1);
  }

  /** Checks that there is something to tell apart. */
  public Classification {
    if (classes < 2) {
      throw new IllegalArgumentException("Invalid classification: " + classes + " classes");
    }
    if (outputs < 1) {
      throw new IllegalArgumentException("Invalid classification: " + outputs + " outputs");
    }
  }

  @Override
  public INDArray[] labels(Targets targets) {
    ClassTargets batch = (ClassTargets) targets;
    INDArray[] labels = new INDArray[outputs];
    Arrays.fill(labels, FloatArrays.over(batch.numbers(), batch.size(), batch.columns()));
    return labels;
  }

  @Override
  public TopKAccuracy metric() {
    return classes > MANY ? new TopKAccuracy(1, MANY) : new TopKAccuracy(1);
  }

  /**
   * @throws IllegalArgumentException if the images were mixed, as none of them is of one class
   */
  @Override
  public Answers add(TopKAccuracy metric, INDArray[] outputs, Targets targets) {
    int[] labels = classesOf(targets);
    metric.add(outputs[0], labels);
    return new ClassificationAnswers(outputs[0], labels);
  }

  /** The class of each image of a batch, whose images are not mixed. */
  int[] classesOf(Targets targets) {
    ClassTargets batch = (ClassTargets) targets;
    if (batch.areMixed()) {
      throw new IllegalArgumentException(
          "Cannot measure accuracy on mixed images: each is of two classes");
    }
    return batch.labels();
  }
}
