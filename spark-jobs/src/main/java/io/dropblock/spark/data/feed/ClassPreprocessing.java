package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * For classification.
 *
 * @param transform from image to square
 */
public record ClassPreprocessing(ImageTransform transform) implements Preprocessing {
  /** Checks that it is there. */
  public ClassPreprocessing {
    Objects.requireNonNull(transform, "transform is null");
  }

  @Override
  public AnnotationKind kind() {
    return new ClassLabelKind();
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public Samples start(int samples, int classes) {
    int[] labels = new int[samples];
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
        int label = ((ClassLabel) record.annotation()).label();
        Preprocessing.requireClass(label, classes);
        labels[next++] = label;
        transform.decodeAndApply(record.bytes(), random, normalization, pixels, offset);
      }

      @Override
      public Targets targets() {
        return ClassTargets.of(labels);
      }
    };
  }
}
