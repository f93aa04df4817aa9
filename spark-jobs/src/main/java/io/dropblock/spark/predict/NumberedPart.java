package io.dropblock.spark.predict;

import java.io.Serializable;
import java.util.Locale;

/** A part and its place among all. */
record NumberedPart(int number, ImagePart part) implements Serializable {
  /** Name of the file that it becomes; the order of names is that of the parts. */
  String file() {
    return String.format(Locale.ROOT, "part-%05d.parquet", number);
  }
}
