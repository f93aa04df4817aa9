package io.dropblock.spark.scaling;

/** What a round takes on one of the two roads that gradients go. Sizes are bytes, times seconds. */
sealed interface RoundCost permits ChainCost, RingCost {

  /** Bytes that the rank sends which sends most. */
  double sent(int world);

  /** Of the thread that has most to do. */
  double busiestThread(int world, RingThread thread);

  /** Of all ranks' threads together. */
  double allThreads(int world, RingThread thread);

  /**
   * Of the road from the first byte's start to its end: the times that it waits for the next rank.
   */
  double hops(int world);

  /**
   * The round, on a host a rank.
   *
   * @param hop seconds from rank to rank of the first bytes
   */
  double seconds(int world, Network network, RingThread thread, double hop);
}
