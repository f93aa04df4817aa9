package io.dropblock.spark.data.image;

import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * From an image and its objects to the square of RetinaNet and the boxes in it (TPU {@code
 * retinanet/dataloader.py}): mirrored, scaled, cut, padded right and below with 0 after
 * normalisation. Pure: the same image and the same random numbers give the same result.
 *
 * <p>Differs from that code: scaling is bilinear by pixel centres. TensorFlow 1 takes its samples
 * at {@code i * scale}, which moves the image against its boxes by half the difference of a stored
 * and a scaled pixel, and a mirrored image the other way; at scale 1 both are the same. A box of
 * which no area is left is removed; that code removes it only where all four numbers are 0, and
 * trains on lines at the border. Where more objects are left than are kept, the largest are, as
 * they are nearest to the camera; that code keeps the first ones of the file, whatever their size.
 *
 * @param size side of the square, 1 to 4096
 * @param jitter what varies
 * @param crowds whether crowds are kept; they are not trained on
 * @param maxObjects how many objects are kept: those whose boxes have the largest areas within the
 *     square, of equal ones the first; 1 or more
 */
public record DetectionTransform(int size, Jitter jitter, boolean crowds, int maxObjects)
    implements Serializable {
  /** Objects of an image that training keeps: as many as the reference. */
  public static final int MAX_OBJECTS = 100;

  /** Checks the ranges. */
  public DetectionTransform {
    ImageTransform.requireSize(size);
    Objects.requireNonNull(jitter, "jitter is null");
    if (maxObjects < 1) {
      throw new IllegalArgumentException("Invalid maxObjects: " + maxObjects);
    }
  }

  /** Without crowds, at most {@link #MAX_OBJECTS} objects. */
  public static DetectionTransform training(int size, Jitter jitter) {
    return new DetectionTransform(size, jitter, false, MAX_OBJECTS);
  }

  /**
   * The long side becomes the square's, nothing is cut off and no random number drawn. All objects
   * are kept that have an area in the square, but scoring is by the {@code ObjectSet} itself: it
   * alone has areas and crowd flags.
   */
  public static DetectionTransform evaluation(int size) {
    return new DetectionTransform(size, Jitter.NONE, true, Integer.MAX_VALUE);
  }

  /**
   * Writes the square as 3 planes of {@code size * size}, rows from the top, red first (CHW).
   *
   * @param random consumed in the order of {@link Jitter}; may be null where that draws nothing
   * @param out receives {@code 3 * size * size} floats from index {@code offset} on
   */
  public PlacedObjects apply(
      Image image,
      ObjectSet objects,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset) {
    Placement placement = jitter.draw(image.width(), image.height(), size, random);
    placement.pixels(image, normalization, out, offset);
    return place(placement, objects);
  }

  private PlacedObjects place(Placement placement, ObjectSet objects) {
    List<float[]> boxes = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (ImageObject object : objects.objects()) {
      float[] box = clipped(placement.box(object.box()), placement);
      if ((crowds || !object.crowd()) && area(box) > 0) {
        boxes.add(box);
        labels.add(object.label());
      }
    }
    int[] kept = largest(boxes);
    float[] numbers = new float[4 * kept.length];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(boxes.get(kept[i]), 0, numbers, 4 * i, 4);
    }
    return new PlacedObjects(
        objects.imageId(),
        placement.width(),
        placement.height(),
        placement.scaleX(),
        placement.scaleY(),
        numbers,
        Arrays.stream(kept).map(labels::get).toArray());
  }

  /** Indices of the boxes that are kept, in their order. */
  private int[] largest(List<float[]> boxes) {
    IntStream all = IntStream.range(0, boxes.size());
    if (boxes.size() <= maxObjects) {
      return all.toArray();
    }
    return all.boxed()
        .sorted(Comparator.comparingDouble((Integer box) -> area(boxes.get(box))).reversed())
        .limit(maxObjects)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private float[] clipped(double[] box, Placement placement) {
    float[] clipped = new float[4];
    for (int i = 0; i < 4; i++) {
      int end = i % 2 == 0 ? placement.rows() : placement.columns();
      clipped[i] = (float) Math.max(0, Math.min(box[i], Math.min(end, size - 1)));
    }
    return clipped;
  }

  /** 0 where no area is left: both sides are clipped to the same place. */
  private static double area(float[] box) {
    return ((double) box[2] - box[0]) * ((double) box[3] - box[1]);
  }
}
