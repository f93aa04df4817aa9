package io.dropblock.spark.data.source.coco.json;

/** An entry of a COCO file is not what it should be. The message ends a sentence about it. */
public final class CocoFlaw extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Of one entry.
   *
   * @param message what is wrong with it, such as {@code it has no id}
   */
  public CocoFlaw(String message) {
    super(message);
  }
}
