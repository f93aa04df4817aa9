package io.dropblock.metric;

import io.dropblock.metric.Scores.Score;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link TopKAccuracy}, and which class was taken for which: the one with the highest score, the
 * first of equal ones. An example with a NaN among its scores was taken for none.
 */
public final class TopKByClass implements Metric<TopKByClass>, Confused {
  private static final long serialVersionUID = 1L;

  private final List<String> classes;
  private final TopKAccuracy accuracy;
  private final ConfusionMatrix images;

  /**
   * Starts with no examples.
   *
   * @param classes their names by number
   * @param accuracy to which nothing was added
   */
  public TopKByClass(List<String> classes, TopKAccuracy accuracy) {
    this.classes = List.copyOf(classes);
    this.accuracy = accuracy;
    this.images = new ConfusionMatrix(classes.size());
  }

  /**
   * Adds a batch.
   *
   * @param scores {@code [batch, classes]}
   * @param labels the true classes, {@code batch} of them
   * @return this
   */
  public TopKByClass add(INDArray scores, int[] labels) {
    accuracy.add(scores, labels);
    float[][] rows = scores.toFloatMatrix();
    for (int i = 0; i < rows.length; i++) {
      int predicted = highest(rows[i]);
      if (predicted >= 0) {
        images.add(labels[i], predicted);
      }
    }
    return this;
  }

  /** The first of the highest; -1 if one is NaN. */
  private static int highest(float[] scores) {
    int highest = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        return -1;
      }
      if (scores[i] > scores[highest]) {
        highest = i;
      }
    }
    return highest;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code other} is of other classes
   */
  @Override
  public TopKByClass merge(TopKByClass other) {
    if (!classes.equals(other.classes)) {
      throw new IllegalArgumentException(
          "Cannot merge accuracies of classes: of " + classes + " and " + other.classes);
    }
    accuracy.merge(other.accuracy);
    images.add(other.images);
    return this;
  }

  /**
   * Those of {@link TopKAccuracy}; details are {@code accuracy <class>}, too, for each class in
   * order: the share of its images that were taken for it, NaN where there is no image of it.
   */
  @Override
  public Scores scores() {
    Scores whole = accuracy.scores();
    List<Score> details = new ArrayList<>(whole.details());
    List<String> absent = new ArrayList<>();
    boolean named = classes.stream().distinct().count() == classes.size();
    for (int label = 0; label < classes.size(); label++) {
      String name = classes.get(label) + (named ? "" : " (class " + label + ")");
      long of = images.of(label);
      details.add(new Score("accuracy " + name, (double) images.intersection(label) / of));
      if (of == 0) {
        absent.add(name);
      }
    }
    List<String> notes = new ArrayList<>(whole.notes());
    if (!absent.isEmpty()) {
      notes.add("without an image: " + String.join(", ", absent));
    }
    return new Scores(whole.main(), details, notes);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  /** Of images. */
  @Override
  public ConfusionMatrix confusion() {
    return images;
  }
}
