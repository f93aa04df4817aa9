package io.dropblock.spark.ring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** The ranks of a ring as threads of this JVM, with sockets between them. */
final class Ranks implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** What a rank does. */
  interface Task<T> {
    T run(Ring ring) throws Exception;
  }

  final UUID nonce;
  final List<RingPort> ports = new ArrayList<>();
  final int world;

  /** Where those are, by rank, that the others reach by somebody between. */
  final Map<Integer, InetSocketAddress> detours = new HashMap<>();

  RingSettings settings = RingSettings.defaults().withSilence(TIMEOUT);
  RingSecret secret = RingSecret.none();

  Ranks(int world) {
    this(world, UUID.randomUUID());
  }

  Ranks(int world, UUID nonce) {
    this.world = world;
    this.nonce = nonce;
    for (int rank = 0; rank < world; rank++) {
      ports.add(RingPort.open(LOOPBACK, PortRange.any()));
    }
  }

  List<InetSocketAddress> addresses() {
    return IntStream.range(0, world)
        .mapToObj(rank -> detours.getOrDefault(rank, ports.get(rank).address()))
        .toList();
  }

  RingMembership membership(int rank) {
    return new RingMembership(rank, world, nonce, 1, 10, secret);
  }

  Ring meet(int rank) {
    return meet(membership(rank), settings);
  }

  private Ring meet(RingMembership me, RingSettings with) {
    return ports.get(me.rank()).meet(me, addresses(), TIMEOUT, with);
  }

  /** Starts a rank, with the settings and the secret of this moment. */
  <T> Future<T> start(int rank, Task<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    RingMembership me = membership(rank);
    RingSettings with = settings;
    Thread thread =
        new Thread(
            () -> {
              try (Ring ring = meet(me, with)) {
                result.complete(task.run(ring));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "rank " + rank);
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** Runs all ranks of a world. */
  static <T> List<T> run(int world, Task<T> task) throws Exception {
    return run(world, RingSettings.defaults().withSilence(TIMEOUT), task);
  }

  static <T> List<T> run(int world, RingSettings settings, Task<T> task) throws Exception {
    try (Ranks ranks = new Ranks(world)) {
      ranks.settings = settings;
      return ranks.all(task);
    }
  }

  <T> List<T> all(Task<T> task) throws Exception {
    List<Future<T>> futures = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      futures.add(start(rank, task));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(result(future));
    }
    return results;
  }

  /** What a rank returned or threw. */
  static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new AssertionError("A rank did not end within " + TIMEOUT, e);
    }
  }

  @Override
  public void close() {
    ports.forEach(RingPort::close);
  }
}
