package io.dropblock.spark.data.image;

import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * From an image and its objects to the square of RetinaNet and the boxes in it (TPU {@code
 * retinanet/dataloader.py}): mirrored, scaled, cut, padded right and below with 0 after
 * normalisation. Pure: the same image and the same random numbers give the same result.
 *
 * <p>Differs from that code: scaling is bilinear by pixel centres. TensorFlow 1 takes its samples
 * at {@code i * scale}, which moves the image against its boxes by half the difference of a stored
 * and a scaled pixel, and a mirrored image the other way; at scale 1 both are the same. A box of
 * which no area is left is removed; that code removes it only where all four numbers are 0, and
 * trains on lines at the border.
 *
 * @param size side of the square, 1 to 4096
 * @param jitter what varies
 * @param crowds whether crowds are kept; they are not trained on
 * @param maxObjects how many objects are kept, the first ones; 1 or more
 */
public record DetectionTransform(int size, Jitter jitter, boolean crowds, int maxObjects)
    implements Serializable {
  private static final int MAX_OBJECTS = 100;

  /** Checks the ranges. */
  public DetectionTransform {
    ImageTransform.requireSize(size);
    Objects.requireNonNull(jitter, "jitter is null");
    if (maxObjects < 1) {
      throw new IllegalArgumentException("Invalid maxObjects: " + maxObjects);
    }
  }

  /** Without crowds, at most 100 objects. */
  public static DetectionTransform training(int size, Jitter jitter) {
    return new DetectionTransform(size, jitter, false, MAX_OBJECTS);
  }

  /**
   * The long side becomes the square's, nothing is cut off and no random number drawn. All objects
   * are kept, but scoring is by the {@code ObjectSet} itself: it alone has areas and crowd flags.
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
    float[] boxes = new float[4 * objects.objects().size()];
    int[] labels = new int[objects.objects().size()];
    int count = 0;
    for (ImageObject object : objects.objects()) {
      if (count < maxObjects
          && (crowds || !object.crowd())
          && clip(placement, object, boxes, count)) {
        labels[count++] = object.label();
      }
    }
    return new PlacedObjects(
        objects.imageId(),
        placement.width(),
        placement.height(),
        placement.scaleX(),
        placement.scaleY(),
        Arrays.copyOf(boxes, 4 * count),
        Arrays.copyOf(labels, count));
  }

  /** Whether an area is left. */
  private boolean clip(Placement placement, ImageObject object, float[] boxes, int count) {
    double[] box = placement.box(object.box());
    int at = 4 * count;
    for (int i = 0; i < 4; i++) {
      int end = i % 2 == 0 ? placement.rows() : placement.columns();
      boxes[at + i] = (float) Math.max(0, Math.min(box[i], Math.min(end, size - 1)));
    }
    return boxes[at + 2] > boxes[at] && boxes[at + 3] > boxes[at + 1];
  }
}
