package io.dropblock.spark.data.source;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ClassLabelKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a raw data set holds.
 *
 * @param kind of what is known of the images
 * @param source the path it was listed from, for people
 * @param classes names of the classes, by label
 * @param categoryIds the number that the data set itself has for each class, by label, as COCO
 *     does; empty where a class has no other number than its label
 * @param train images to learn from, sorted by name
 * @param val images to measure on, sorted by name
 * @param ignored number of files that are not images of the data set and were passed over
 * @param leftOut what is broken
 * @param notes what people should know of it: a line each, such as what was passed over
 */
public record ImageListing(
    AnnotationKind kind,
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
      AnnotationKind kind,
      String source,
      List<String> classes,
      List<ImageFile> train,
      List<ImageFile> val,
      int ignored) {
    this(kind, source, classes, List.of(), train, val, ignored, List.of(), List.of());
  }

  /** Images with a class each. */
  public ImageListing(
      String source,
      List<String> classes,
      List<ImageFile> train,
      List<ImageFile> val,
      int ignored) {
    this(new ClassLabelKind(), source, classes, train, val, ignored);
  }

  /** The same with more notes, which go before the others. */
  public ImageListing with(List<String> first) {
    List<String> all = new ArrayList<>(first);
    all.addAll(notes);
    return new ImageListing(kind, source, classes, categoryIds, train, val, ignored, leftOut, all);
  }

  /** The same with other images to learn from. */
  ImageListing training(List<ImageFile> images) {
    return new ImageListing(
        kind, source, classes, categoryIds, images, val, ignored, leftOut, notes);
  }

  /** The images of a split, sorted by name. */
  public List<ImageFile> files(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VAL -> val;
    };
  }
}
