package io.dropblock.spark.data.source;

/** An entry of a COCO file is not what it should be. The message ends a sentence about it. */
final class CocoFlaw extends Exception {
  private static final long serialVersionUID = 1L;

  CocoFlaw(String message) {
    super(message);
  }
}
