package io.dropblock.bench.averaging;

import io.dropblock.bench.process.Parent;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.Ring;
import io.dropblock.spark.ring.RingMembership;
import io.dropblock.spark.ring.RingPort;
import io.dropblock.spark.ring.RingSecret;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Rounds of a ring of processes on this machine: the mean of a flat array over all of them. */
public final class RingRounds {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private RingRounds() {}

  /** Measures them in as many JVMs as the plan has ranks. */
  static RoundsFigure measure(AveragingPlan plan) {
    return Processes.measure(RingRounds.class, plan);
  }

  /** A process of the measurement. */
  public static void main(String[] arguments) {
    Parent.serve(
        arguments,
        RoundsJob.class,
        (job, parent) -> run(job, new Rounds(job, parent), Ring::averageFloats));
  }

  /**
   * @param round what all ranks do with an array of their own
   */
  static void run(RoundsJob job, Rounds rounds, BiConsumer<Ring, ByteBuffer> round)
      throws Exception {
    // All run on this machine and for this measurement only
    RingMembership me =
        new RingMembership(
            job.rank(), job.world(), new UUID(0, 1), 0, job.parameters(), RingSecret.none());
    try (RingPort port = RingPort.open(InetAddress.getLoopbackAddress(), PortRange.any());
        Ring ring = port.meet(me, rounds.exchange(port.address().getPort()), TIMEOUT)) {
      ByteBuffer array = Rounds.touched((long) job.parameters() * Float.BYTES);
      rounds.measure(() -> round.accept(ring, array), ring::bytesSent);
    }
  }
}
