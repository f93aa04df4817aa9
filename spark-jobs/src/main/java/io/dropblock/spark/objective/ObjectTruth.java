package io.dropblock.spark.objective;

import io.dropblock.metric.coco.TrueObjects;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.util.List;

/**
 * The objects of an image, as they are measured by: their own areas and crowds among them.
 *
 * @param set as the data set has them
 */
record ObjectTruth(ObjectSet set) {

  /** Number of the image in its data set. */
  long image() {
    return set.imageId();
  }

  /** Their categories are the labels. */
  TrueObjects objects() {
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
}
