package io.dropblock.spark.preflight.reach;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Who calls whom: all others in a small world; in a large one both neighbours on the ring, and
 * those at distances of 2, 4, 8 and so on.
 */
public final class Pairs {
  private static final int SMALL = 16;

  private Pairs() {}

  /** The ranks that a rank calls. */
  public static Set<Integer> calledBy(int rank, int world) {
    Set<Integer> called = new TreeSet<>();
    if (world <= SMALL) {
      IntStream.range(0, world).forEach(called::add);
    } else {
      called.add((rank - 1 + world) % world);
      for (int distance = 1; distance < world; distance *= 2) {
        called.add((rank + distance) % world);
      }
    }
    called.remove(rank);
    return called;
  }

  /** How many call a rank. */
  public static int callers(int rank, int world) {
    return (int)
        IntStream.range(0, world).filter(other -> calledBy(other, world).contains(rank)).count();
  }
}
