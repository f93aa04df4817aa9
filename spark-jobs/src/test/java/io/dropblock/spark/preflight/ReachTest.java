package io.dropblock.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.preflight.reach.Call;
import io.dropblock.spark.preflight.reach.CallingRank;
import io.dropblock.spark.preflight.reach.ListeningRank;
import io.dropblock.spark.preflight.reach.Pairs;
import io.dropblock.spark.preflight.reach.RankCalls;
import io.dropblock.spark.ring.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ranks that call each other over real sockets, and some that cannot. */
class ReachTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private final UUID nonce = UUID.randomUUID();

  private static ServerSocket door() throws IOException {
    return ListeningRank.open(InetAddress.getLoopbackAddress(), PortRange.any());
  }

  private static InetSocketAddress address(ServerSocket door) {
    return new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
  }

  @Test
  void allBytesAreCountedByTheOther() throws IOException, InterruptedException {
    ServerSocket door = door();
    try (ListeningRank one = new ListeningRank(door, 1, nonce, 1, LIMIT)) {
      List<Call> calls = new CallingRank(nonce, LIMIT).call(Map.of(1, address(door)));
      one.await(LIMIT);
      assertThat(calls).hasSize(1);
      assertThat(calls.get(0).failure()).isEmpty();
      assertThat(calls.get(0).bytes()).isPositive().isLessThanOrEqualTo(8 << 20);
    }
  }

  @Test
  void aPairThatCannotReachEachOther() throws IOException, InterruptedException {
    InetSocketAddress closed;
    try (ServerSocket door = door()) {
      closed = address(door);
    }
    ServerSocket door = door();
    List<Call> calls;
    try (ListeningRank two = new ListeningRank(door, 2, nonce, 1, LIMIT)) {
      calls = new CallingRank(nonce, LIMIT).call(Map.of(1, closed, 2, address(door)));
      two.await(LIMIT);
    }
    RankCalls from = new RankCalls(0, "executor 0 on a", "a:1", "", calls);
    RankCalls to = new RankCalls(1, "executor 1 on b", "b:1", "", List.of());
    RankCalls good = new RankCalls(2, "executor 2 on c", "c:1", "", List.of());
    Finding oneWay = Connections.of(List.of(from, to, good), Optional.empty());
    assertThat(oneWay.verdict()).isEqualTo(Verdict.FAULT);
    assertThat(oneWay.seen())
        .isEqualTo(
            "rank 0 (executor 0 on a, a:1) cannot reach rank 1 (executor 1 on b, b:1): Connection"
                + " refused");
    assertThat(oneWay.next()).contains("spark.dropblock.ring.ports", "SPARK_LOCAL_IP");
    RankCalls back =
        new RankCalls(1, "executor 1 on b", "b:1", "", List.of(new Call(0, "refused", 0, 0)));
    assertThat(Connections.of(List.of(from, back, good), Optional.empty()).seen())
        .contains("rank 1 (executor 1 on b, b:1), nor the other way: ")
        .endsWith("; and 1 more connections");
  }

  /** A host without that address, a firewall that drops, and somebody else's program. */
  @Test
  void whoDoesNotAnswerOrIsAnotherIsToldInTime() throws IOException, InterruptedException {
    InetSocketAddress nowhere = new InetSocketAddress("192.0.2.1", 9);
    ServerSocket mute = door();
    ServerSocket other = door();
    ServerSocket stranger = door();
    try (mute;
        ListeningRank seven = new ListeningRank(other, 7, nonce, 1, LIMIT);
        ListeningRank late = new ListeningRank(stranger, 3, UUID.randomUUID(), 1, LIMIT)) {
      List<Call> calls =
          new CallingRank(nonce, LIMIT)
              .call(Map.of(0, nowhere, 1, address(mute), 2, address(other), 3, address(stranger)));
      seven.await(Duration.ZERO);
      late.await(Duration.ZERO);
      assertThat(calls).extracting(Call::to).containsExactly(0, 1, 2, 3);
      assertThat(calls).extracting(Call::failure).doesNotContain("");
      assertThat(calls.get(1).failure()).isEqualTo("no answer within 2 s");
      assertThat(calls.get(2).failure()).isEqualTo("rank 7 answers there");
      assertThat(calls.get(3).failure()).isEqualTo("it hung up");
    }
  }

  @Test
  void portsThatAreTaken() throws IOException {
    try (ServerSocket taken = door()) {
      PortRange only = new PortRange(taken.getLocalPort(), taken.getLocalPort());
      assertThatThrownBy(() -> ListeningRank.open(taken.getInetAddress(), only))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1, port " + only.first() + ": none");
      RankCalls deaf =
          new RankCalls(1, "executor 1 on b", "", "cannot listen on b, port 5: taken", List.of());
      RankCalls good = new RankCalls(0, "executor 0 on a", "a:1", "", List.of());
      Finding finding = Connections.of(List.of(good, deaf), Optional.empty());
      assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
      assertThat(finding.seen())
          .isEqualTo("rank 1 (executor 1 on b) cannot listen on b, port 5: taken");
      assertThat(finding.next()).startsWith("widen spark.dropblock.ring.ports");
    }
  }

  @Test
  void oneSlowConnectionOfMany() {
    List<Call> quick = List.of(new Call(1, "", 4_000_001, 10_000_000));
    List<Call> slow = List.of(new Call(0, "", 1_000_000, 10_000_000));
    RankCalls zero = new RankCalls(0, "executor 0 on a", "a:1", "", quick);
    RankCalls one = new RankCalls(1, "executor 1 on b", "b:1", "", slow);
    Finding finding = Connections.of(List.of(zero, one), Optional.empty());
    assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(finding.seen())
        .isEqualTo(
            "rank 1 (executor 1 on b, b:1) sends 100 MB/s to rank 0 (executor 0 on a, a:1), and"
                + " half of the others 400 MB/s or more");
    RankCalls even =
        new RankCalls(
            0, "executor 0 on a", "a:1", "", List.of(new Call(1, "", 4_000_000, 10_000_000)));
    Need need = new Need(25_000_000, 0, 0, 0, 0, 0);
    Finding fine = Connections.of(List.of(even, one), Optional.of(need));
    assertThat(fine.verdict()).isEqualTo(Verdict.OK);
    assertThat(fine.seen())
        .as("2 x 4 x 25 M bytes at 100 MB/s")
        .isEqualTo(
            "2 connections, 100 MB/s at the slowest, all at once; the gradients of a step take"
                + " about 2.00 s there");
  }

  @Test
  void everyRankCallsItsNeighboursAndIsCalled() {
    for (int world : new int[] {1, 2, 3, 16, 17, 100, 1000}) {
      for (int rank = 0; rank < world; rank++) {
        Set<Integer> called = Pairs.calledBy(rank, world);
        Set<Integer> neighbours =
            new HashSet<>(List.of((rank + 1) % world, (rank + world - 1) % world));
        neighbours.remove(rank);
        assertThat(called).doesNotContain(rank).containsAll(neighbours);
        assertThat(called).hasSizeLessThan(17);
      }
    }
    assertThat(Pairs.calledBy(5, 16)).hasSize(15);
    int calls = IntStream.range(0, 17).map(rank -> Pairs.calledBy(rank, 17).size()).sum();
    assertThat(IntStream.range(0, 17).map(rank -> Pairs.callers(rank, 17)).sum()).isEqualTo(calls);
    assertThat(Pairs.callers(0, 1)).isZero();
  }
}
