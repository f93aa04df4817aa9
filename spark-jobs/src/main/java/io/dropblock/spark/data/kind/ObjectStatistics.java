package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.Histogram;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.DetectionTransform;
import io.dropblock.spark.text.Count;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/**
 * Objects in images; exact, and mergeable over shards. Sizes are those of COCO's measures: by the
 * area of the object itself, small below 32 x 32 pixels, large from 96 x 96.
 */
public final class ObjectStatistics implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double MEDIUM = 32 * 32;
  private static final double LARGE = 96 * 96;

  private final Histogram perImage = new Histogram();
  private long small;
  private long medium;
  private long large;
  private long crowds;
  private long fullImages;
  private long beyond;

  /** Adds the objects of an image. */
  public void add(ObjectSet set) {
    perImage.add(set.objects().size());
    long single = set.objects().stream().filter(object -> !object.crowd()).count();
    fullImages += single > DetectionTransform.MAX_OBJECTS ? 1 : 0;
    beyond += Math.max(0, single - DetectionTransform.MAX_OBJECTS);
    for (ImageObject object : set.objects()) {
      crowds += object.crowd() ? 1 : 0;
      if (object.area() < MEDIUM) {
        small++;
      } else if (object.area() < LARGE) {
        medium++;
      } else {
        large++;
      }
    }
  }

  void merge(ObjectStatistics other) {
    perImage.merge(other.perImage);
    small += other.small;
    medium += other.medium;
    large += other.large;
    crowds += other.crowds;
    fullImages += other.fullImages;
    beyond += other.beyond;
  }

  /** Number of objects of each image, crowds among them; without values where there is no image. */
  public Histogram perImage() {
    return perImage;
  }

  /** Number of all objects. */
  public long count() {
    return small + medium + large;
  }

  /** Number of small objects. */
  public long small() {
    return small;
  }

  /** Number of medium objects. */
  public long medium() {
    return medium;
  }

  /** Number of large objects. */
  public long large() {
    return large;
  }

  /** Number of crowds, of any size. */
  public long crowds() {
    return crowds;
  }

  /** Number of images with more objects than training keeps, crowds not counted. */
  public long fullImages() {
    return fullImages;
  }

  /**
   * Number of objects that training leaves out of these images, where it cuts nothing off: those
   * beyond the {@link DetectionTransform#MAX_OBJECTS} largest.
   */
  public long beyond() {
    return beyond;
  }

  /** Says what training leaves out of these images; empty where it is nothing. */
  public Optional<String> beyondNote() {
    return fullImages == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "training takes the %d largest objects of an image; %s more, %s left out",
                DetectionTransform.MAX_OBJECTS,
                Count.of(fullImages, "image has", "images have"),
                Count.of(beyond, "object is", "objects are")));
  }
}
