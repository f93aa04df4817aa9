package io.dropblock.spark.ring;

/** In which order gradients of a step are added up that ranks share out. */
public enum SumOrder {
  /**
   * Slot by slot, from rank to rank: the same bits for any number of ranks. A rank but the first
   * keeps the gradients of its slots apart until the sum comes by.
   */
  SLOTS,
  /**
   * Each rank its own slots, then the ranks on a ring: one array a rank however many slots it has,
   * and with three ranks and more fewer bytes for those that have most to send. The bits depend on
   * the number of ranks.
   */
  RANKS
}
