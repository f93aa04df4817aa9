package io.dropblock.spark.evaluate.coco;

import io.dropblock.spark.data.DataException;
import java.util.Locale;

/** Detections of images, or of categories, that the annotations do not have. */
final class Strangers {
  private final String kind;
  private long count;
  private String first;

  Strangers(String kind) {
    this.kind = kind;
  }

  void add(long element, String of) {
    if (count++ == 0) {
      first = String.format(Locale.ROOT, "element %d, %s", element, of);
    }
  }

  /**
   * @param detections how many there are in all
   * @throws DataException where there are some
   */
  void refuse(String results, String annotations, long detections) {
    if (count > 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot score results %s: %d of %d detections are of %s that %s does not have, the"
                  + " first is %s",
              results,
              count,
              detections,
              kind,
              annotations,
              first));
    }
  }
}
