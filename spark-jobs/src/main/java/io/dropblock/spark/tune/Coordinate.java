package io.dropblock.spark.tune;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is tried, one behind the other. The last one makes another run, with other results. */
public enum Coordinate {
  /** How many executors the cores of a host are cut into. */
  EXECUTORS("executors", 4),
  /** How many ranks share an executor, each with its part of the cores. */
  RANKS("ranks", 2),
  /** Batches that a rank holds ready. */
  PREFETCH("prefetch", 2),
  /** Images that a rank computes at a time, with as many of them in a step. */
  LOCAL_BATCH("batch", 4);

  private final String word;
  private final int most;

  Coordinate(String word, int most) {
    this.word = word;
    this.most = most;
  }

  /** What a command line calls it. */
  public String word() {
    return word;
  }

  /** How many trials it can take. */
  public int most() {
    return most;
  }

  /** That of a word, if it is one. */
  public static Optional<Coordinate> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
  }

  /** All words, in order. */
  public static String words() {
    return Arrays.stream(values()).map(Coordinate::word).collect(Collectors.joining(","));
  }
}
