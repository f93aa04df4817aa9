package io.dropblock.op;

import java.util.Random;

/** The seed of random tests: printed, and repeated by {@code -Dtests.seed=...}. */
final class Seeds {
  static final long SEED = Long.getLong("tests.seed", System.nanoTime());

  static {
    System.out.println("-Dtests.seed=" + SEED);
  }

  private Seeds() {}

  static Random random() {
    return new Random(SEED);
  }
}
