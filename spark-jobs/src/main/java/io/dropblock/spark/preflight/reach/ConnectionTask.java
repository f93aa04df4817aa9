package io.dropblock.spark.preflight.reach;

import io.dropblock.spark.preflight.slot.ExecutorFacts;
import io.dropblock.spark.preflight.slot.SlotTask;
import io.dropblock.spark.ring.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/**
 * A rank listens where the ring would, tells all others where, and calls them.
 *
 * @param ports of the ring
 * @param nonce of this check
 * @param world number of ranks
 * @param limit for the calls
 */
public record ConnectionTask(PortRange ports, UUID nonce, int world, Duration limit)
    implements SlotTask<RankCalls> {
  private static final String NOWHERE = "-";

  @Override
  public RankCalls run(BarrierTaskContext task) {
    int rank = task.partitionId();
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    String executor = ExecutorFacts.name(SparkEnv.get().executorId(), host);
    ServerSocket door;
    try {
      door = ListeningRank.open(InetAddress.getByName(host), ports);
    } catch (IOException e) {
      List<Call> calls = calls(rank, task.allGather(NOWHERE));
      return new RankCalls(rank, executor, "", String.valueOf(e.getMessage()), calls);
    }
    String address = door.getInetAddress().getHostAddress() + " " + door.getLocalPort();
    try (ListeningRank me =
        new ListeningRank(door, rank, nonce, Pairs.callers(rank, world), limit)) {
      List<Call> calls = calls(rank, task.allGather(address));
      me.await(limit);
      return new RankCalls(rank, executor, address.replace(' ', ':'), "", calls);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot check connections: interrupted", e);
    }
  }

  private List<Call> calls(int rank, String[] addresses) {
    Map<Integer, InetSocketAddress> called = new TreeMap<>();
    for (int other : Pairs.calledBy(rank, world)) {
      if (!addresses[other].equals(NOWHERE)) {
        String[] parts = addresses[other].split(" ");
        called.put(other, new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
      }
    }
    try {
      return new CallingRank(nonce, limit).call(called);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot check connections: interrupted", e);
    }
  }
}
