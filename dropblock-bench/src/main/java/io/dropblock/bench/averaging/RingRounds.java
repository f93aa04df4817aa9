package io.dropblock.bench.averaging;

import io.dropblock.bench.process.Parent;
import io.dropblock.spark.ring.Encryption;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.Ring;
import io.dropblock.spark.ring.RingMembership;
import io.dropblock.spark.ring.RingPort;
import io.dropblock.spark.ring.RingSecret;
import io.dropblock.spark.ring.RingSettings;
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
  static RoundsFigure measure(AveragingPlan plan, boolean encrypted) {
    return Processes.measure(RingRounds.class, plan, encrypted);
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
    // All run on this machine and for this measurement only, so the secret may be known
    RingSecret secret = job.encrypted() ? RingSecret.of("measured") : RingSecret.none();
    RingMembership me =
        new RingMembership(job.rank(), job.world(), new UUID(0, 1), 0, job.parameters(), secret);
    RingSettings settings =
        RingSettings.defaults().withEncryption(job.encrypted() ? Encryption.ON : Encryption.OFF);
    try (RingPort port = RingPort.open(InetAddress.getLoopbackAddress(), PortRange.any());
        Ring ring = port.meet(me, rounds.exchange(port.address().getPort()), TIMEOUT, settings)) {
      ByteBuffer array = Rounds.touched((long) job.parameters() * Float.BYTES);
      rounds.measure(() -> round.accept(ring, array), ring::bytesSent);
    }
  }
}
