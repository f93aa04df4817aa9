package io.dropblock.bench.step;

/**
 * A row of the table.
 *
 * @param what who is measured
 * @param ranks processes at once
 * @param threads of each process
 */
record StepSetup(StepCase what, int ranks, int threads) {

  /** The words for it in a table. */
  String label() {
    return switch (what) {
      case OURS -> "ours, " + numbered(threads);
      case STOCK -> "stock DL4J, " + numbered(threads);
      case RANKS -> "ours, " + ranks + " ranks of " + numbered(threads);
    };
  }

  private static String numbered(int threads) {
    return threads + (threads == 1 ? " thread" : " threads");
  }
}
