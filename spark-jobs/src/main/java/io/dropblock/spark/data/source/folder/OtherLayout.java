package io.dropblock.spark.data.source.folder;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Folders that are parts of other layouts than a folder a class, by their names. */
final class OtherLayout {
  private static final Set<String> IMAGES =
      Set.of("images", "image", "imgs", "img", "jpegimages", "jpegs", "photos", "pictures");
  private static final Set<String> LABELS =
      Set.of(
          "annotations",
          "annotation",
          "annots",
          "labels",
          "label",
          "labeltxt",
          "masks",
          "mask",
          "bboxes",
          "bbox",
          "boxes",
          "xmls",
          "xml",
          "json",
          "jsons",
          "trimaps",
          "segmentations",
          "groundtruth",
          "ground_truth",
          "gt",
          "imagesets",
          "segmentationclass",
          "segmentationobject");

  private OtherLayout() {}

  /** Those of the names that are parts of another layout. */
  static List<String> parts(Collection<String> names) {
    return names.stream()
        .filter(
            name -> {
              String lower = name.toLowerCase(Locale.ROOT);
              return IMAGES.contains(lower) || LABELS.contains(lower);
            })
        .toList();
  }

  /** Whether a part holds the images, by its name. */
  static boolean isOfImages(String name) {
    return IMAGES.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Which layout they look like, and what to do.
   *
   * @param names folders of which one or more are parts
   */
  static String advice(Collection<String> names) {
    Set<String> lower =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    if (lower.contains("imagesets") && !lower.contains("jpegimages")) {
      return "that looks like ImageNet as Kaggle has it: name the folder Data/CLS-LOC/train, of which"
          + " a share is then held out, as the images in val/ are not in folders of their classes";
    }
    if (lower.contains("jpegimages")) {
      return "that looks like PASCAL VOC's layout: --format voc reads the one with"
          + " ImageSets/Segmentation, others not; for classes put the images into a folder each";
    }
    if (lower.contains("annotations")) {
      return "that looks like images with files of annotations: --format coco reads COCO's; for"
          + " classes put the images into a folder each";
    }
    if (lower.contains("labels") && lower.contains("images")) {
      return "that looks like YOLO's layout, which this program does not read: convert it to COCO's;"
          + " for classes put the images into a folder each";
    }
    return "that looks like another layout, not like a folder a class: put the images of each class"
        + " into a folder of its own";
  }
}
