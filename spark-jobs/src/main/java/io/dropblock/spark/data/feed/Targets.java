package io.dropblock.spark.data.feed;

import java.nio.FloatBuffer;
import java.util.List;

/** What a network is to say of the images of a batch. */
public interface Targets {
  /** Number of images. */
  int size();

  /**
   * The same as numbers that the network learns from: one array an output of the network, each from
   * the buffer's first element on, outside the heap, in the machine's byte order. They are given
   * back with the batch.
   */
  List<FloatBuffer> encoded();
}
