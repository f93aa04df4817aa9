package io.dropblock.nn;

import java.nio.ByteBuffer;
import java.util.Set;

/** A graph as bytes, to be looked at part by part, so that no array has to hold all of it. */
public sealed interface StateBytes permits NetworkState, StateCopy {

  /** The graph's configuration as DL4J's JSON, with its iteration and epoch counters. */
  String configuration();

  /** What the graph consists of, in order; see {@link NetworkState#arrays}. */
  Set<String> names();

  /** The bytes of one of them, any number. */
  long length(String name);

  /**
   * Shows one of them part by part, in order.
   *
   * @param use gets a buffer in native byte order, each part a multiple of every element's size; it
   *     is valid during the call and only to be read
   */
  <E extends Exception> void forEachPart(String name, Use<E> use) throws E;

  /** What is done with a part. */
  @FunctionalInterface
  interface Use<E extends Exception> {
    /** Does it. */
    void accept(ByteBuffer part) throws E;
  }
}
