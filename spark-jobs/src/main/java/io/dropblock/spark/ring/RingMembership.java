package io.dropblock.spark.ring;

import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * Who a rank is, and in which ring. Neighbours compare all of it when they meet.
 *
 * @param rank 0 to world - 1
 * @param world number of ranks, at least 1
 * @param nonce random, new for each run, told to its ranks only: without a secret it takes the
 *     secret's place
 * @param attempt number of the stage's attempt, at least 0: ranks left over from an earlier one are
 *     turned away
 * @param elements length of the array that the ring is for, at least 1: a guard against ranks with
 *     different networks. Arrays of other lengths can be averaged, too
 * @param secret the cluster's, or none
 */
public record RingMembership(
    int rank, int world, UUID nonce, int attempt, long elements, RingSecret secret) {
  public RingMembership {
    Objects.requireNonNull(nonce, "nonce is null");
    Objects.requireNonNull(secret, "secret is null");
    if (world < 1) {
      throw new IllegalArgumentException("Cannot form a ring of " + world + " ranks");
    }
    if (rank < 0 || rank >= world) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot be rank %d of %d: ranks count from 0", rank, world));
    }
    if (attempt < 0 || elements < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot form a ring for attempt %d and %d elements: at least 0 and 1 are needed",
              attempt,
              elements));
    }
  }

  /** The rank that this one sends to. */
  int next() {
    return (rank + 1) % world;
  }

  /** The rank that this one receives from. */
  int previous() {
    return (rank - 1 + world) % world;
  }

  /** Without nonce and secret. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "rank %d of %d, attempt %d, %d elements", rank, world, attempt, elements);
  }
}
