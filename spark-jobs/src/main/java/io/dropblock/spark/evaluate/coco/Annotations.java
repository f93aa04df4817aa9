package io.dropblock.spark.evaluate.coco;

import io.dropblock.metric.coco.TrueObjects;
import io.dropblock.spark.data.source.coco.json.CocoId;
import java.util.List;
import java.util.Map;

/**
 * What results are measured against. Images and categories have numbers in the order of their ids.
 *
 * @param title the full address of the file
 * @param categories their names, by number
 * @param categoryNumbers by id
 * @param imageNumbers by id
 * @param truth the objects of each image, by number
 * @param notes what is read in another way than it is written, or than pycocotools reads it
 */
record Annotations(
    String title,
    List<String> categories,
    Map<CocoId, Integer> categoryNumbers,
    Map<CocoId, Integer> imageNumbers,
    List<TrueObjects> truth,
    List<String> notes) {

  /** How many images there are. */
  int images() {
    return truth.size();
  }
}
