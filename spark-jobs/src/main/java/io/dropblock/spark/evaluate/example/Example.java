package io.dropblock.spark.evaluate.example;

import io.dropblock.spark.objective.picture.Exhibit;
import java.io.Serializable;

/**
 * An image that is shown.
 *
 * @param place in the split, in stored order, from 0
 * @param loss how wrong the network is, a number of at least 0
 * @param right whether people would call it right
 * @param exhibit what is to be seen
 */
public record Example(long place, double loss, boolean right, Exhibit exhibit)
    implements Serializable {

  /** The name in the data set, or else {@code #} and the place. */
  public String name() {
    return exhibit.name().isEmpty() ? "#" + place : exhibit.name();
  }
}
