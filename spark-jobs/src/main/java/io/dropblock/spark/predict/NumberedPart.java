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
  /** What it is called; the order of names is that of the parts. */
  String name() {
    return String.format(Locale.ROOT, "part-%05d", number);
  }
}
