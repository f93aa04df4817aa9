package io.dropblock.spark.scaling;

import java.util.Optional;

/**
 * What a step takes on any number of ranks.
 *
 * @param pace of a rank
 * @param slots micro-batches of a step, at least 1
 * @param gradient that is summed
 * @param thread that sums it
 * @param network between the ranks
 * @param piece bytes that a rank passes on at a time: what it finds when it reads, 1 to 1 MiB
 * @param shared the machine, where all ranks are on one
 */
public record StepModel(
    RankPace pace,
    int slots,
    Gradient gradient,
    RingThread thread,
    Network network,
    int piece,
    Optional<SharedMachine> shared) {
  /** That of the ring's buffers. */
  public static final int LARGEST_PIECE = 1 << 20;

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public StepModel {
    Positive.atLeast("number of slots", slots, 1);
    Positive.atLeast("piece", piece, 1);
    if (piece > LARGEST_PIECE) {
      throw new IllegalArgumentException(
          "Invalid piece: " + piece + " bytes are more than the ring's buffer of " + LARGEST_PIECE);
    }
  }

  /**
   * A step.
   *
   * @param world number of ranks, 1 to {@link #slots}
   */
  public StepTime step(int world) {
    double compute = compute(world);
    double waiting = compute * (Stragglers.ofSpread(pace.spread()).slowest(world) - 1);
    // a gather takes world - 1 steps, and in each a head goes before the number
    double meeting = 2 * (world - 1) * network.latency();
    return new StepTime(
        compute, waiting, meeting, round(world), update(world), boundOfRound(world));
  }

  private double compute(int world) {
    double most = new SlotDeal(slots, world).most();
    if (shared.isEmpty()) {
      return most * pace.microBatch();
    }
    SharedMachine machine = shared.get();
    double share = Math.max(most, (double) slots / machine.processors());
    return share * pace.microBatch() * (world > 1 ? machine.slowdown() : 1);
  }

  /** Of each rank; more ranks than processors do it in turns. */
  private double update(int world) {
    return pace.update()
        * shared.map(machine -> Math.max(1, (double) world / machine.processors())).orElse(1.0);
  }

  /**
   * The sum over the ranks alone, in seconds, with the head that announces it.
   *
   * @param world number of ranks, 1 to {@link #slots}
   */
  public double round(int world) {
    if (world == 1) {
      return 0;
    }
    double alone = cost().seconds(world, network, thread, hop(world)) + network.latency();
    double together =
        shared.isEmpty() ? 0 : cost().allThreads(world, thread) / shared.get().processors();
    return Math.max(alone, together);
  }

  /** Bytes that the busiest rank sends in a round. */
  public double bytesSent(int world) {
    return cost().sent(world);
  }

  /**
   * Bytes of gradients that a rank keeps apart until the sum of those before it comes: all of its
   * slots but one.
   */
  public double kept(int world) {
    return world == 1 || !gradient.isChained()
        ? 0
        : (new SlotDeal(slots, world).most() - 1) * gradient.bytes();
  }

  private RoundCost cost() {
    return gradient.isChained()
        ? new ChainCost(gradient.bytes(), slots)
        : new RingCost(gradient.bytes(), gradient.wireBytes());
  }

  private double hop(int world) {
    double bytes = Math.min(piece, gradient.wireBytes() / (gradient.isChained() ? 1 : world));
    return network.latency() + Math.max(network.seconds(bytes), thread.moving(bytes));
  }

  private Bound boundOfRound(int world) {
    if (world == 1) {
      return Bound.COMPUTE;
    }
    RoundCost cost = cost();
    double wire = network.seconds(cost.sent(world));
    double busy = cost.busiestThread(world, thread);
    if (shared.isPresent()) {
      busy = Math.max(busy, cost.allThreads(world, thread) / shared.get().processors());
    }
    double way = cost.hops(world) * hop(world);
    return way > Math.max(wire, busy) ? Bound.LATENCY : wire > busy ? Bound.NETWORK : Bound.THREAD;
  }
}
