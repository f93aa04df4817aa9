package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.SegmentationTransform;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * For segmentation.
 *
 * @param transform from image and label map to two squares
 */
public record LabelMapPreprocessing(SegmentationTransform transform) implements Preprocessing {
  /** Checks that it is there. */
  public LabelMapPreprocessing {
    Objects.requireNonNull(transform, "transform is null");
  }

  @Override
  public AnnotationKind kind() {
    return new LabelMapKind();
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public Samples start(int samples, int classes) {
    int plane = size() * size();
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
        int at = next++ * plane;
        transform.apply(
            ImageDecoder.decode(record.bytes()),
            map,
            random,
            normalization,
            pixels,
            offset,
            labels,
            at);
        for (int i = at; i < at + plane; i++) {
          if (labels[i] != (byte) LabelMap.VOID) {
            Preprocessing.requireClass(labels[i] & 0xFF, classes);
          }
        }
      }

      @Override
      public Targets targets() {
        return new LabelMapTargets(labels, samples, size());
      }
    };
  }
}
