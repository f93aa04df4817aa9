package io.dropblock.spark.objective;

import io.dropblock.detection.Detections;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.metric.coco.TrueObjects;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.PlacedObjects;
import java.util.List;
import java.util.stream.IntStream;

/** Objects as they are measured: {@code x, y, width, height} in pixels of the stored image. */
final class StoredBoxes {
  private StoredBoxes() {}

  /** What there is, with its own areas, and crowds among it. Categories are the labels. */
  static TrueObjects of(ObjectSet set) {
    List<ImageObject> all = set.objects();
    double[] boxes = new double[4 * all.size()];
    boolean[] crowds = new boolean[all.size()];
    for (int i = 0; i < all.size(); i++) {
      Box box = all.get(i).box();
      boxes[4 * i] = box.x();
      boxes[4 * i + 1] = box.y();
      boxes[4 * i + 2] = box.width();
      boxes[4 * i + 3] = box.height();
      crowds[i] = all.get(i).crowd();
    }
    return new TrueObjects(
        boxes,
        all.stream().mapToDouble(ImageObject::area).toArray(),
        crowds,
        all.stream().mapToInt(ImageObject::label).toArray());
  }

  /**
   * What was found, divided by the image's scale; nothing of it lies beside the image.
   *
   * @param found in pixels of the square
   * @param image as it lies in the square
   */
  static FoundObjects of(Detections found, PlacedObjects image) {
    double[] boxes = new double[4 * found.count()];
    for (int at = 0; at < boxes.length; at += 4) {
      double y = Math.min(image.height(), found.boxes()[at] / image.scaleY());
      double x = Math.min(image.width(), found.boxes()[at + 1] / image.scaleX());
      double bottom = Math.min(image.height(), found.boxes()[at + 2] / image.scaleY());
      double right = Math.min(image.width(), found.boxes()[at + 3] / image.scaleX());
      boxes[at] = x;
      boxes[at + 1] = y;
      boxes[at + 2] = right - x;
      boxes[at + 3] = bottom - y;
    }
    return new FoundObjects(
        boxes,
        IntStream.range(0, found.count()).mapToDouble(i -> found.scores()[i]).toArray(),
        found.labels());
  }
}
