package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.DetectionTransform;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * For detection.
 *
 * @param transform from image and objects to a square with boxes
 */
public record ObjectPreprocessing(DetectionTransform transform) implements Preprocessing {
  /** Checks that it is there. */
  public ObjectPreprocessing {
    Objects.requireNonNull(transform, "transform is null");
  }

  @Override
  public AnnotationKind kind() {
    return new ObjectSetKind();
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public Samples start(int samples, int classes) {
    List<PlacedObjects> images = new ArrayList<>(samples);
    return new Samples() {
      @Override
      public void add(
          ImageRecord record,
          RandomGenerator random,
          Normalization normalization,
          FloatBuffer pixels,
          int offset)
          throws BrokenImageException {
        ObjectSet objects = (ObjectSet) record.annotation();
        for (ImageObject object : objects.objects()) {
          Preprocessing.requireClass(object.label(), classes);
        }
        images.add(
            transform.apply(
                ImageDecoder.decode(record.bytes()),
                objects,
                random,
                normalization,
                pixels,
                offset));
      }

      @Override
      public Targets targets() {
        return new ObjectTargets(images);
      }
    };
  }
}
