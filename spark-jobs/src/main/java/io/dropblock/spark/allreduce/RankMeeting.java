package io.dropblock.spark.allreduce;

import io.dropblock.spark.ring.Ring;
import io.dropblock.spark.ring.RingMembership;
import io.dropblock.spark.ring.RingPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/** How the tasks of a barrier stage form a ring: they tell each other their addresses, once. */
final class RankMeeting {
  private RankMeeting() {}

  /**
   * Waits until all ranks are there.
   *
   * @param nonce new for each job, so that no rank of an earlier one gets in; the attempt of the
   *     stage keeps out those of an attempt that failed
   * @param averaging settled by {@link RingSecurity} on the driver
   * @param elements of the network's flat parameters
   */
  static Ring meet(BarrierTaskContext task, UUID nonce, RingAveraging averaging, long elements) {
    if (averaging.world() == 1) {
      return Ring.alone();
    }
    try (RingPort port = RingPort.open(host(), averaging.ports())) {
      InetSocketAddress mine = port.address();
      String[] all = task.allGather(mine.getAddress().getHostAddress() + " " + mine.getPort());
      RingMembership me =
          new RingMembership(
              task.partitionId(),
              averaging.world(),
              nonce,
              task.stageAttemptNumber(),
              elements,
              RingSecurity.here().secret());
      return port.meet(
          me,
          Arrays.stream(all).map(RankMeeting::address).toList(),
          averaging.ring().silence(),
          averaging.ring());
    }
  }

  /** Where the executor listens, too. */
  private static InetAddress host() {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot form a ring: executor host %s is unknown on itself; set SPARK_LOCAL_IP",
              host),
          e);
    }
  }

  private static InetSocketAddress address(String text) {
    String[] parts = text.split(" ");
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }
}
