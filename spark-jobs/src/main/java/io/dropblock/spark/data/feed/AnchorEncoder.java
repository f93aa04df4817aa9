package io.dropblock.spark.data.feed;

import io.dropblock.detection.AnchorMatcher;
import io.dropblock.detection.Anchors;
import io.dropblock.spark.data.image.PlacedObjects;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Brings objects to anchors. Plain data that a task can be sent; the anchors themselves are made
 * where they are first needed, once for all batches. Thread-safe.
 */
final class AnchorEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final AnchorTargets targets;
  private final int size;
  private transient AnchorMatcher matcher;

  /**
   * @param size side of the square, pixels
   */
  AnchorEncoder(AnchorTargets targets, int size) {
    this.targets = targets;
    this.size = size;
  }

  /**
   * Starts a batch.
   *
   * @param samples of the batch
   * @param classes of the data set
   */
  Encoded start(int samples, int classes) {
    targets.requireClasses(classes);
    return new Encoded(matcher(), samples);
  }

  synchronized AnchorMatcher matcher() {
    if (matcher == null) {
      matcher =
          new AnchorMatcher(
              new Anchors(targets.anchors(), size, targets.strides()),
              AnchorMatcher.REFERENCE_THRESHOLD);
    }
    return matcher;
  }

  /** The encoded objects of one batch, image after image. One thread fills it. */
  final class Encoded {
    private final AnchorMatcher matcher;
    private final int anchors;
    private final FloatBuffer classes;
    private final FloatBuffer codes;
    private int next;

    private Encoded(AnchorMatcher matcher, int samples) {
      this.matcher = matcher;
      this.anchors = matcher.anchors().count();
      int all = Math.multiplyExact(samples, anchors);
      this.classes = FeedMemory.SHARED.take(all);
      this.codes = FeedMemory.SHARED.take(Math.multiplyExact(all, AnchorMatcher.NUMBERS));
    }

    /** Adds the next image. */
    void add(PlacedObjects objects) {
      int[] outputs = Arrays.stream(objects.labels()).map(targets.outputs()::get).toArray();
      int at = next++ * anchors;
      matcher.match(objects.boxes(), outputs, classes, at, codes, at * AnchorMatcher.NUMBERS);
    }

    /** Classes, then box codes. */
    List<FloatBuffer> buffers() {
      return List.of(classes, codes);
    }
  }
}
