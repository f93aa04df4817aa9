package io.dropblock.spark.objective;

import io.dropblock.metric.TopKByClass;
import io.dropblock.spark.data.feed.Targets;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link Classification} that counts, too, which class was taken for which.
 *
 * @param whole what it is otherwise
 * @param classes the names by number, as many as it has
 */
public record ClassificationByClass(Classification whole, List<String> classes)
    implements Objective<TopKByClass> {

  /** Copies the names. */
  public ClassificationByClass {
    classes = List.copyOf(classes);
    if (classes.size() != whole.classes()) {
      throw new IllegalArgumentException(
          "Invalid classification: "
              + classes.size()
              + " names of "
              + whole.classes()
              + " classes");
    }
  }

  @Override
  public INDArray[] labels(Targets targets) {
    return whole.labels(targets);
  }

  @Override
  public TopKByClass metric() {
    return new TopKByClass(classes, whole.metric());
  }

  @Override
  public Answers add(TopKByClass metric, INDArray[] outputs, Targets targets) {
    int[] labels = whole.classesOf(targets);
    metric.add(outputs[0], labels);
    return new ClassificationAnswers(outputs[0], labels);
  }
}
