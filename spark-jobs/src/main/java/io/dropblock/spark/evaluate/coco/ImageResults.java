package io.dropblock.spark.evaluate.coco;

import io.dropblock.metric.coco.FoundObjects;
import java.util.Arrays;

/** Detections of one image, in the order of the file. */
final class ImageResults {
  private int size;
  private double[] boxes = new double[4 * 8];
  private double[] scores = new double[8];
  private int[] categories = new int[8];

  /** Adds one. */
  void add(double[] box, double score, int category) {
    if (size == scores.length) {
      resize(2 * size);
    }
    System.arraycopy(box, 0, boxes, 4 * size, 4);
    scores[size] = score;
    categories[size++] = category;
  }

  /** All of them; none can be added any more. */
  FoundObjects found() {
    resize(size);
    return new FoundObjects(boxes, scores, categories);
  }

  private void resize(int length) {
    boxes = Arrays.copyOf(boxes, Math.multiplyExact(4, length));
    scores = Arrays.copyOf(scores, length);
    categories = Arrays.copyOf(categories, length);
  }
}
