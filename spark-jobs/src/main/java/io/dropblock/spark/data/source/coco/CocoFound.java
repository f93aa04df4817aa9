package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.source.coco.json.CocoImage;
import io.dropblock.spark.data.source.files.FileTree;
import java.util.ArrayList;
import java.util.List;

/** An image of a COCO file that lies in its folder, and the objects it shows so far. */
final class CocoFound {
  private final CocoImage image;
  private final FileTree.Entry file;
  private final long number;
  private final List<ImageObject> objects = new ArrayList<>();
  private boolean broken;

  /**
   * Without objects.
   *
   * @param number that results name it by
   */
  CocoFound(CocoImage image, FileTree.Entry file, long number) {
    this.image = image;
    this.file = file;
    this.number = number;
  }

  CocoImage image() {
    return image;
  }

  FileTree.Entry file() {
    return file;
  }

  long number() {
    return number;
  }

  List<ImageObject> objects() {
    return objects;
  }

  /** Told of an object that cannot be read. */
  void miss() {
    broken = true;
  }

  /** Whether it would pass for an image without objects, though it has some. */
  boolean isUnknown() {
    return broken && objects.isEmpty();
  }
}
