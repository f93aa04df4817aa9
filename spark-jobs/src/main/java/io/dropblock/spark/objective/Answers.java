package io.dropblock.spark.objective;

import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import java.util.List;

/**
 * What a network said of the images of a batch, told image by image. Nothing is computed before it
 * is asked for, and nothing of the network's twice. Not for longer than the batch.
 */
public interface Answers {
  /** {@link #truth} and {@link #said} where an image has no class. */
  int NONE = -1;

  /** Number of images. */
  int size();

  /**
   * How wrong it is, by which examples are chosen: 0 where nothing is better, else more; NaN where
   * that cannot be said.
   *
   * @param image index in the batch
   */
  double loss(int image);

  /** Whether people would call it right. */
  boolean isRight(int image);

  /** The class of an image that has one, else {@link #NONE}. */
  default int truth(int image) {
    return NONE;
  }

  /** The class it was taken for, if it has one and the output is finite, else {@link #NONE}. */
  default int said(int image) {
    return NONE;
  }

  /**
   * What is to be seen of an image. Only for images whose {@link #loss} is a number.
   *
   * @param pixels of the batch
   * @param classes their names by number
   */
  Exhibit exhibit(int image, ShownPixels pixels, List<String> classes);
}
