package io.dropblock.metric.coco;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What was right and wrong of one category, image after image as they came: of each detection its
 * score and a bit for each overlap and range of areas.
 */
final class CategoryTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] objects = new long[AreaRange.values().length];
  private int imageCount;
  private long[] images = new long[4];
  // Where the detections of an image end
  private int[] ends = new int[4];
  private double[] scores = new double[8];
  private long[] right = new long[8];
  private long[] wrong = new long[8];

  /** Detections in the order of their images, within one the surest first. */
  record Arranged(double[] scores, long[] right, long[] wrong, int[] ranks) {}

  /**
   * Adds an image.
   *
   * @param sorted scores of the matched detections
   */
  void add(long image, double[] sorted, Matching matching) {
    for (int range = 0; range < objects.length; range++) {
      objects[range] += matching.counted()[range];
    }
    if (sorted.length > 0) {
      addImage(image, sorted, matching.right(), matching.wrong(), 0, sorted.length);
    }
  }

  /** Adds what another one has of other images. */
  void add(CategoryTally other) {
    for (int range = 0; range < objects.length; range++) {
      objects[range] += other.objects[range];
    }
    for (int i = 0; i < other.imageCount; i++) {
      addImage(
          other.images[i], other.scores, other.right, other.wrong, other.begin(i), other.ends[i]);
    }
  }

  private void addImage(
      long image, double[] newScores, long[] newRight, long[] newWrong, int from, int to) {
    int size = begin(imageCount);
    int grown = Math.addExact(size, to - from);
    if (imageCount == images.length) {
      resizeImages(2 * Math.max(2, imageCount));
    }
    if (grown > scores.length) {
      resize(Math.max(grown, (int) Math.min(Integer.MAX_VALUE - 8, 2L * size)));
    }
    System.arraycopy(newScores, from, scores, size, to - from);
    System.arraycopy(newRight, from, right, size, to - from);
    System.arraycopy(newWrong, from, wrong, size, to - from);
    images[imageCount] = image;
    ends[imageCount++] = grown;
  }

  /** How many objects count in a range. */
  long objects(AreaRange range) {
    return objects[range.ordinal()];
  }

  /** All detections, as if the images had come in the order of their numbers. */
  Arranged arranged() {
    int size = begin(imageCount);
    Arranged arranged =
        new Arranged(new double[size], new long[size], new long[size], new int[size]);
    int at = 0;
    for (int image : byNumber()) {
      int from = begin(image);
      int length = ends[image] - from;
      System.arraycopy(scores, from, arranged.scores, at, length);
      System.arraycopy(right, from, arranged.right, at, length);
      System.arraycopy(wrong, from, arranged.wrong, at, length);
      for (int rank = 0; rank < length; rank++) {
        arranged.ranks[at + rank] = rank;
      }
      at += length;
    }
    return arranged;
  }

  private int[] byNumber() {
    long[] sorted = Arrays.copyOf(images, imageCount);
    Arrays.sort(sorted);
    int[] order = new int[imageCount];
    for (int i = 0; i < imageCount; i++) {
      order[Arrays.binarySearch(sorted, images[i])] = i;
    }
    return order;
  }

  private int begin(int image) {
    return image == 0 ? 0 : ends[image - 1];
  }

  private void resizeImages(int length) {
    images = Arrays.copyOf(images, length);
    ends = Arrays.copyOf(ends, length);
  }

  private void resize(int length) {
    scores = Arrays.copyOf(scores, length);
    right = Arrays.copyOf(right, length);
    wrong = Arrays.copyOf(wrong, length);
  }

  /** Without room for more. */
  private void writeObject(ObjectOutputStream out) throws IOException {
    resizeImages(imageCount);
    resize(begin(imageCount));
    out.defaultWriteObject();
  }
}
