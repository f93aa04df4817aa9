package io.dropblock.spark.scaling;

/**
 * The sum from rank to rank, slot by slot. Two streams of the array's length follow each other over
 * each connection but two: a part of the sum, from rank 0 to the last one, and the sum, from the
 * last rank by rank 0 to the last but one. See {@code ring.ChainRound}.
 *
 * @param bytes of the array
 * @param slots of a step
 */
record ChainCost(double bytes, int slots) implements RoundCost {

  @Override
  public double sent(int world) {
    return world == 1 ? 0 : world == 2 ? bytes : 2 * bytes;
  }

  @Override
  public double busiestThread(int world, RingThread thread) {
    return world == 1 ? 0 : thread.moving(sent(world)) + adding(world, thread);
  }

  /** Of a rank behind the first, which adds all its arrays to what comes. */
  private double adding(int world, RingThread thread) {
    return new SlotDeal(slots, world).most() * thread.adding(bytes);
  }

  @Override
  public double allThreads(int world, RingThread thread) {
    return world == 1
        ? 0
        : thread.moving(2 * (world - 1) * bytes)
            + thread.adding(new SlotDeal(slots, world).behindFirst() * bytes);
  }

  @Override
  public double hops(int world) {
    return world == 1 ? 0 : 2 * (world - 1);
  }

  @Override
  public double seconds(int world, Network network, RingThread thread, double hop) {
    if (world == 1) {
      return 0;
    }
    double part = Math.max(network.seconds(bytes), thread.moving(bytes) + adding(world, thread));
    if (world == 2) {
      // the sum goes back on a connection of its own while the part still comes
      return part + 2 * hop;
    }
    double sum = Math.max(network.seconds(bytes), thread.moving(bytes));
    // the sum cannot leave rank 0 before its own part has, nor before it is there
    return Math.max(part, world * hop) + sum + (world - 2) * hop;
  }
}
