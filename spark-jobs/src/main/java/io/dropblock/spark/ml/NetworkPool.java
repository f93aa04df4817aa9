package io.dropblock.spark.ml;

import io.dropblock.spark.predict.Inference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of this process that were made of the same bytes and that no task uses now. A task
 * takes one and gives it back, so that a process makes no more of them than tasks run side by side
 * in it, whatever number of partitions there is: a network is for one task at a time.
 *
 * <p>Spark keeps one copy of a broadcast in a process; the networks that were made of it go with
 * it.
 */
final class NetworkPool {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkPool.class);

  /** By the broadcast's bytes, which are equal to themselves only. */
  private static final Map<byte[], NetworkPool> POOLS = new WeakHashMap<>();

  /** A network that nobody needs now. */
  private record Idle(WantedOutputs wanted, TaskResources resources, LoadedNetwork loaded) {}

  /** Of different outputs: twice as many as there are processors. */
  private final int most = 2 * Runtime.getRuntime().availableProcessors();

  /** The one that was used last is first. */
  private final Deque<Idle> idle = new ArrayDeque<>();

  private int made;

  /** That of a network. */
  static NetworkPool of(byte[] network) {
    synchronized (POOLS) {
      return POOLS.computeIfAbsent(network, bytes -> new NetworkPool());
    }
  }

  /**
   * One for the calling thread's task, which must have taken its resources before.
   *
   * @param network the pool's own bytes
   * @param inference the network's own
   */
  LoadedNetwork take(
      byte[] network, Inference inference, WantedOutputs wanted, TaskResources resources) {
    Optional<LoadedNetwork> there = idle(wanted, resources);
    if (there.isPresent()) {
      return there.get();
    }
    long begin = System.nanoTime();
    LoadedNetwork loaded = new LoadedNetwork(network, inference, wanted);
    LOG.info(
        "Network {} of this process is loaded, in {} ms",
        counted(),
        (System.nanoTime() - begin) / 1_000_000);
    return loaded;
  }

  private synchronized Optional<LoadedNetwork> idle(WantedOutputs wanted, TaskResources resources) {
    for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
      Idle one = all.next();
      if (one.wanted.equals(wanted) && one.resources.equals(resources)) {
        all.remove();
        return Optional.of(one.loaded);
      }
    }
    return Optional.empty();
  }

  private synchronized int counted() {
    return ++made;
  }

  /** Leaves one to the next task. */
  synchronized void giveBack(LoadedNetwork loaded, WantedOutputs wanted, TaskResources resources) {
    idle.addFirst(new Idle(wanted, resources, loaded));
    if (idle.size() > most) {
      idle.removeLast();
    }
  }

  /** How many were made since the process has the network. */
  synchronized int made() {
    return made;
  }
}
