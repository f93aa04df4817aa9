package io.dropblock.spark.predict;

import java.io.Serializable;
import java.util.List;

/**
 * What became of a part.
 *
 * @param images of it
 * @param broken how many of them got no prediction
 * @param examples some of these, for people: a line each
 */
record PartResult(long images, long broken, List<String> examples) implements Serializable {
  static final int MOST_EXAMPLES = 5;
}
