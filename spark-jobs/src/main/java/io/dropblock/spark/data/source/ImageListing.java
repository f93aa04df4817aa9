package io.dropblock.spark.data.source;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.Task;
import java.io.Serializable;
import java.util.List;

/**
 * What a raw data set holds.
 *
 * @param task what it is there to learn
 * @param source the path it was listed from, for people
 * @param classes names of the classes, by label
 * @param train images to learn from, sorted by name
 * @param val images to measure on, sorted by name
 * @param ignored number of files that are no images of a class and were passed over; hidden files
 *     do not count
 */
public record ImageListing(
    Task task,
    String source,
    List<String> classes,
    List<ImageFile> train,
    List<ImageFile> val,
    int ignored)
    implements Serializable {
  /** Copies the lists. */
  public ImageListing {
    classes = List.copyOf(classes);
    train = List.copyOf(train);
    val = List.copyOf(val);
  }

  /** Images with a class each. */
  public ImageListing(
      String source,
      List<String> classes,
      List<ImageFile> train,
      List<ImageFile> val,
      int ignored) {
    this(Task.CLASSIFICATION, source, classes, train, val, ignored);
  }

  /** The images of a split, sorted by name. */
  public List<ImageFile> files(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VAL -> val;
    };
  }
}
