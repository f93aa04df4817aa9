package io.dropblock.spark.data.image;

import io.dropblock.spark.data.annotation.LabelMap;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * From an image and its label map to two squares (TPU {@code retinanet/dataloader.py}): both
 * mirrored, scaled, cut and padded right and below alike, the image bilinearly and with 0 after
 * normalisation, labels by the nearest. Pure: the same image and the same random numbers give the
 * same result.
 *
 * <p>Differs from that code: samples are taken at pixel centres, as {@link DetectionTransform}
 * does; TensorFlow 1 takes those of image and labels at {@code i * scale}. In evaluation an image
 * that does not fit is scaled down; that code cuts it off on the right and below, which no image of
 * VOC, of at most 500 pixels, meets at its size of 513.
 *
 * @param size side of the squares, 1 to 4096
 * @param jitter what varies
 * @param rescale whether the long side becomes what the jitter draws; else an image that fits keeps
 *     its size, and a larger one is scaled down until it fits, its labels with it
 * @param padLabel label beside the image, 0 to 255
 */
public record SegmentationTransform(int size, Jitter jitter, boolean rescale, int padLabel)
    implements Serializable {
  /** Checks the ranges. */
  public SegmentationTransform {
    ImageTransform.requireSize(size);
    Objects.requireNonNull(jitter, "jitter is null");
    if (padLabel < 0 || padLabel > 255) {
      throw new IllegalArgumentException("Invalid padLabel: " + padLabel + " is not in 0 to 255");
    }
    if (!rescale && !jitter.equals(Jitter.NONE)) {
      throw new IllegalArgumentException("Invalid jitter: " + jitter + " without rescaling");
    }
  }

  /** As the reference trains: what lies beside the image is background, class 0. */
  public static SegmentationTransform training(int size, Jitter jitter) {
    return new SegmentationTransform(size, jitter, true, 0);
  }

  /** Images as they are; what lies beside them is void. Draws no random number. */
  public static SegmentationTransform evaluation(int size) {
    return new SegmentationTransform(size, Jitter.NONE, false, LabelMap.VOID);
  }

  /**
   * Writes the image as 3 planes of {@code size * size}, rows from the top, red first (CHW), and
   * the labels, of all pixels or at a network's output stride, as one plane.
   *
   * @param random consumed in the order of {@link Jitter}; may be null where that draws nothing
   * @param out receives {@code 3 * size * size} floats from index {@code offset} on
   * @param plane receives the labels
   * @throws IllegalArgumentException where the label map is not as large as the image
   */
  public void apply(
      Image image,
      LabelImage map,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset,
      LabelPlane plane) {
    if (map.width() != image.width() || map.height() != image.height()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the label map has %d x %d pixels, the image %d x %d",
              map.width(),
              map.height(),
              image.width(),
              image.height()));
    }
    Placement placement = placement(image.width(), image.height(), random);
    placement.pixels(image, normalization, out, offset);
    placement.labels(map, padLabel, plane);
  }

  /**
   * The same of an image without a label map, of which nothing may vary: as in {@link #evaluation}.
   *
   * @return where it lies
   */
  public PlacedImage apply(Image image, Normalization normalization, FloatBuffer out, int offset) {
    if (rescale) {
      throw new IllegalStateException("Cannot place an image without labels: it may be cut off");
    }
    Placement placement = placement(image.width(), image.height(), null);
    placement.pixels(image, normalization, out, offset);
    return new PlacedImage(image.width(), image.height(), placement.columns(), placement.rows());
  }

  private Placement placement(int width, int height, RandomGenerator random) {
    return rescale
        ? jitter.draw(width, height, size, random)
        : Placement.scaled(width, height, size, Math.min(size, Math.max(width, height)), false);
  }
}
