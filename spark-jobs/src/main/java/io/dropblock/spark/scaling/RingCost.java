package io.dropblock.spark.scaling;

/**
 * The mean on the ring: each rank owns a segment, sums it, and sends it round. See {@code
 * ring.AveragingRound}.
 *
 * @param bytes of the array in memory
 * @param wireBytes of the array on the wire
 */
record RingCost(double bytes, double wireBytes) implements RoundCost {

  @Override
  public double sent(int world) {
    return steps(world) * wireBytes / world;
  }

  private static double steps(int world) {
    return 2.0 * (world - 1);
  }

  @Override
  public double busiestThread(int world, RingThread thread) {
    return thread.moving(sent(world)) + thread.adding(worked(world));
  }

  /**
   * Bytes that are added; where they are rounded for the wire, also those that are rounded before
   * they leave and taken when they come.
   */
  private double worked(int world) {
    double added = (world - 1) * bytes / world;
    return wireBytes < bytes ? 4 * added : added;
  }

  @Override
  public double allThreads(int world, RingThread thread) {
    return world * busiestThread(world, thread);
  }

  @Override
  public double hops(int world) {
    return steps(world);
  }

  @Override
  public double seconds(int world, Network network, RingThread thread, double hop) {
    if (world == 1) {
      return 0;
    }
    double segment =
        Math.max(network.seconds(wireBytes / world), busiestThread(world, thread) / steps(world));
    return steps(world) * Math.max(segment, hop) + hop;
  }
}
