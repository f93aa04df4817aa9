package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.image.LabelPlane;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.SegmentationTransform;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * For segmentation.
 *
 * @param transform from image and label map to two squares
 * @param stride of the labels that are kept: 1 for those of all pixels, as evaluation wants them,
 *     or that of the network's output, at which the reference's loss takes them ({@code labels[:,
 *     ::8, ::8]}); at most the square's side
 */
public record LabelMapPreprocessing(SegmentationTransform transform, int stride)
    implements Preprocessing {
  /** Checks the stride. */
  public LabelMapPreprocessing {
    Objects.requireNonNull(transform, "transform is null");
    if (stride < 1 || stride > transform.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid stride: %d is not in 1 to %d", stride, transform.size()));
    }
  }

  @Override
  public AnnotationKind kind() {
    return new LabelMapKind();
  }

  @Override
  public int size() {
    return transform.size();
  }

  /** Side of each label map: that of the square by the stride, rounded up. */
  public int side() {
    return LabelPlane.side(size(), stride);
  }

  @Override
  public Samples start(int samples, int classes) {
    int plane = side() * side();
    byte[] labels = new byte[Math.multiplyExact(samples, plane)];
    return new Samples() {
      private int next;

      @Override
      public void add(
          ImageRecord record,
          RandomGenerator random,
          Normalization normalization,
          FloatBuffer pixels,
          int offset)
          throws BrokenImageException {
        LabelImage map = LabelImage.decode(((LabelMap) record.annotation()).png());
        requireClasses(map, classes);
        transform.apply(
            ImageDecoder.decode(record.bytes()),
            map,
            random,
            normalization,
            pixels,
            offset,
            new LabelPlane(labels, next++ * plane, stride));
      }

      @Override
      public Targets targets() {
        return LabelMapTargets.of(labels, samples, side());
      }
    };
  }

  /** Of all stored labels, whatever the draw leaves of them. */
  private static void requireClasses(LabelImage map, int classes) throws BrokenImageException {
    for (byte label : map.labels()) {
      if (label != (byte) LabelMap.VOID) {
        Preprocessing.requireClass(label & 0xFF, classes);
      }
    }
  }
}
