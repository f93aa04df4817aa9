package io.dropblock.spark.preflight.reach;

import java.io.Serializable;
import java.util.List;

/**
 * What a rank can reach.
 *
 * @param rank 0 to world - 1
 * @param executor for people
 * @param address where it listens: {@code 10.0.0.7:40000}; empty where it cannot
 * @param trouble why it cannot listen; empty where it can
 * @param calls to others
 */
public record RankCalls(int rank, String executor, String address, String trouble, List<Call> calls)
    implements Serializable {
  public RankCalls {
    calls = List.copyOf(calls);
  }

  /** For people: "rank 0 (executor 1 on node7, 10.0.0.7:40000)". */
  public String name() {
    return "rank " + rank + " (" + executor + (address.isEmpty() ? "" : ", " + address) + ")";
  }
}
