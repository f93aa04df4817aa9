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
 * For detection: from image and objects to a square, its boxes and, in training, what the network
 * is to say of each anchor. Matching anchors is done here, on the threads that make batches ahead.
 */
public final class ObjectPreprocessing implements Preprocessing {
  private static final long serialVersionUID = 1L;

  private final DetectionTransform transform;
  // null where nobody learns
  private final AnchorEncoder encoder;

  private ObjectPreprocessing(DetectionTransform transform, AnchorEncoder encoder) {
    this.transform = Objects.requireNonNull(transform, "transform is null");
    this.encoder = encoder;
  }

  /**
   * With targets of the anchors.
   *
   * @param transform from image and objects to a square with boxes
   */
  public static ObjectPreprocessing training(DetectionTransform transform, AnchorTargets targets) {
    Objects.requireNonNull(targets, "targets is null");
    return new ObjectPreprocessing(transform, new AnchorEncoder(targets, transform.size()));
  }

  /**
   * Without targets of anchors: {@link ObjectTargets#encoded} is empty.
   *
   * @param transform from image and objects to a square with boxes
   */
  public static ObjectPreprocessing evaluation(DetectionTransform transform) {
    return new ObjectPreprocessing(transform, null);
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
    AnchorEncoder.Encoded encoded = encoder == null ? null : encoder.start(samples, classes);
    List<PlacedObjects> images = new ArrayList<>(samples);
    List<ObjectSet> truth = new ArrayList<>(samples);
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
        PlacedObjects placed =
            transform.apply(
                ImageDecoder.decode(record.bytes()),
                objects,
                random,
                normalization,
                pixels,
                offset);
        if (encoded != null) {
          encoded.add(placed);
        }
        images.add(placed);
        truth.add(objects);
      }

      @Override
      public Targets targets() {
        return new ObjectTargets(images, truth, encoded == null ? List.of() : encoded.buffers());
      }
    };
  }
}
