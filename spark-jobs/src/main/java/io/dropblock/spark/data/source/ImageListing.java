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
 * @param categoryIds the number that the data set itself has for each class, by label, as COCO
 *     does; empty where a class has no other number than its label
 * @param train images to learn from, sorted by name
 * @param val images to measure on, sorted by name
 * @param ignored number of files that are no images of a class and were passed over; hidden files
 *     do not count
 * @param leftOut what is broken
 * @param notes what is read in another way than it is written, or passed over: a line for people
 *     each
 */
public record ImageListing(
    Task task,
    String source,
    List<String> classes,
    List<Integer> categoryIds,
    List<ImageFile> train,
    List<ImageFile> val,
    int ignored,
    List<LeftOut> leftOut,
    List<String> notes)
    implements Serializable {
  /** Copies the lists. */
  public ImageListing {
    classes = List.copyOf(classes);
    categoryIds = List.copyOf(categoryIds);
    leftOut = List.copyOf(leftOut);
    notes = List.copyOf(notes);
    train = List.copyOf(train);
    val = List.copyOf(val);
  }

  /** Classes without other numbers, and nothing broken or odd. */
  public ImageListing(
      Task task,
      String source,
      List<String> classes,
      List<ImageFile> train,
      List<ImageFile> val,
      int ignored) {
    this(task, source, classes, List.of(), train, val, ignored, List.of(), List.of());
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
