package io.dropblock.spark.ring;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;

/**
 * A rank as a process: says its port, is told all of them, averages {@code rank} in every element
 * and says the mean, then waits for a round that some rank never joins and says why it failed.
 */
final class RankMain {
  private RankMain() {}

  /** Arguments: rank, world, nonce; and {@code stays} for the rank that does not join. */
  public static void main(String[] arguments) throws Exception {
    int rank = Integer.parseInt(arguments[0]);
    int world = Integer.parseInt(arguments[1]);
    UUID nonce = UUID.fromString(arguments[2]);
    RingMembership me = new RingMembership(rank, world, nonce, 0, 100_003, RingSecret.of("s"));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (RingPort port = RingPort.open(Ranks.LOOPBACK, PortRange.any())) {
      System.out.println(port.address().getPort());
      var addresses =
          Arrays.stream(in.readLine().split(" "))
              .map(text -> new InetSocketAddress(Ranks.LOOPBACK, Integer.parseInt(text)))
              .toList();
      try (Ring ring = port.meet(me, addresses, Duration.ofSeconds(60))) {
        float[] values = new float[100_003];
        Arrays.fill(values, rank);
        float[] mean = RingAverageTest.average(ring, values);
        System.out.println(mean[0] + " " + Arrays.hashCode(mean));
        if (arguments.length > 3) {
          // To be killed
          in.readLine();
        }
        RingAverageTest.average(ring, values);
      }
    } catch (RingException e) {
      System.out.println(e.getMessage());
    }
  }
}
