package io.dropblock.spark.bench.averaging;

import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.Ring;
import io.dropblock.spark.ring.RingMembership;
import io.dropblock.spark.ring.RingPort;
import io.dropblock.spark.ring.RingSecret;
import io.dropblock.spark.ring.RingSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;

/** Rounds of a ring of two processes on this machine. */
public final class RingRounds {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private RingRounds() {}

  /** Milliseconds of each round. */
  public static double[] milliseconds(AveragingCase of) {
    return Pair.milliseconds(RingRounds.class, of);
  }

  /** A process of the measurement. */
  public static void main(String[] arguments) throws IOException {
    Side side = Side.from(arguments);
    AveragingCase of = side.of();
    // Both run on this machine and for this measurement only
    RingMembership me =
        new RingMembership(side.rank(), 2, new UUID(0, 1), 0, of.elements(), RingSecret.none());
    try (RingPort port = RingPort.open(InetAddress.getLoopbackAddress(), PortRange.any());
        Ring ring =
            port.meet(
                me,
                side.exchange(port.address().getPort()),
                TIMEOUT,
                RingSettings.defaults().withWire(of.wire()))) {
      ByteBuffer array = Side.touched((long) of.elements() * Float.BYTES);
      side.measure(() -> ring.averageFloats(array));
    }
  }
}
