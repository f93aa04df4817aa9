package io.dropblock.spark.objective;

import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images with one class: the loss is {@code -ln p(true class)} with p of at least 1e-10, right is
 * where no class has a higher score and the true one is the first of those with the highest.
 */
final class ClassificationAnswers implements Answers {
  private static final int SIDE = 128;
  private static final double SMALLEST_PROBABILITY = 1e-10;

  private final INDArray probabilities;
  private final int[] labels;

  /** Null before somebody asks. */
  private float[][] rows;

  /**
   * @param probabilities {@code [N, classes]}
   * @param labels the true classes
   */
  ClassificationAnswers(INDArray probabilities, int[] labels) {
    this.probabilities = probabilities;
    this.labels = labels;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public double loss(int image) {
    return -Math.log(Math.max(row(image)[labels[image]], SMALLEST_PROBABILITY));
  }

  @Override
  public boolean isRight(int image) {
    return said(image) == labels[image];
  }

  @Override
  public int truth(int image) {
    return labels[image];
  }

  @Override
  public int said(int image) {
    float[] row = row(image);
    int highest = 0;
    for (int i = 0; i < row.length; i++) {
      if (Float.isNaN(row[i])) {
        return NONE;
      }
      if (row[i] > row[highest]) {
        highest = i;
      }
    }
    return highest;
  }

  @Override
  public Exhibit exhibit(int image, ShownPixels pixels, List<String> classes) {
    Tile tile = Tile.mean(pixels.image(image, pixels.side(), pixels.side()), SIDE);
    float[] row = row(image);
    int said = said(image);
    String truth = probable(row, labels[image], classes);
    return new Exhibit(
        "",
        said == labels[image]
            ? List.of(truth)
            : List.of(truth, "\u2192 " + (said == NONE ? "?" : probable(row, said, classes))),
        List.of(new Panel("", tile, true, List.of())),
        List.of());
  }

  private static String probable(float[] row, int label, List<String> classes) {
    return String.format(Locale.ROOT, "%.2f %s", row[label], classes.get(label));
  }

  private float[] row(int image) {
    if (rows == null) {
      rows = probabilities.toFloatMatrix();
    }
    return rows[image];
  }
}
