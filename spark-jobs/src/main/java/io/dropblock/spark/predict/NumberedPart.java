package io.dropblock.spark.predict;

import io.dropblock.spark.predict.source.ImagePart;
import java.io.Serializable;
import java.util.Locale;

/**
 * A part and its place among all.
 *
 * @param pictures how many of its predictions are drawn
 */
record NumberedPart(int number, ImagePart part, int pictures) implements Serializable {
  /** Name of the file that it becomes; the order of names is that of the parts. */
  String file() {
    return String.format(Locale.ROOT, "part-%05d.parquet", number);
  }
}
