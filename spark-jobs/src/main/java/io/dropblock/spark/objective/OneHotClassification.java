package io.dropblock.spark.objective;

import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.feed.Targets;
import io.dropblock.spark.text.Count;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One class an image, as DL4J's own output layers take it: rows {@code [N, classes]} with a 1 at
 * the class and 0 elsewhere; where images were mixed, the two weights at their classes. In ND4J's
 * default type of floats.
 *
 * @param classes of the data set, at least 2: what the network's output layer has as {@code nOut}
 */
public record OneHotClassification(int classes) implements Labels {
  private static final int MIXED = 3;

  /**
   * @throws IllegalArgumentException if there are fewer than two classes
   */
  public OneHotClassification {
    if (classes < 2) {
      throw new IllegalArgumentException(
          "Cannot make labels of " + Count.of(classes, "class") + ": there must be at least 2");
    }
  }

  /**
   * @throws IllegalArgumentException if a class number is not below {@code classes}
   */
  @Override
  public INDArray[] labels(Targets targets) {
    ClassTargets batch = (ClassTargets) targets;
    float[][] rows = new float[batch.size()][classes];
    for (int image = 0; image < rows.length; image++) {
      if (batch.areMixed()) {
        float weight = batch.numbers().get(MIXED * image + 2);
        rows[image][classAt(batch, MIXED * image)] += weight;
        rows[image][classAt(batch, MIXED * image + 1)] += 1 - weight;
      } else {
        rows[image][classAt(batch, image)] = 1;
      }
    }
    return new INDArray[] {Nd4j.createFromArray(rows)};
  }

  private int classAt(ClassTargets batch, int index) {
    int number = (int) batch.numbers().get(index);
    if (number >= classes) {
      throw new IllegalArgumentException(
          "Cannot make labels of " + classes + " classes: an image is of class " + number);
    }
    return number;
  }
}
