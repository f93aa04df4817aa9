package io.dropblock.spark.scaling;

/**
 * The sum from rank to rank, piece by piece and connection by connection: when each piece is where.
 * It knows nothing of formulas. A connection carries the pieces of the part, then those of the sum,
 * each when it is there and the one before has left.
 */
final class PipelinedChain {
  private final int world;
  private final int pieces;
  private final double piece;
  private final double latency;

  /**
   * @param piece seconds that one is on a connection
   */
  PipelinedChain(int world, int pieces, double piece, double latency) {
    this.world = world;
    this.pieces = pieces;
    this.piece = piece;
    this.latency = latency;
  }

  /** When the last rank has the last piece of the sum. */
  double seconds() {
    double[] there = new double[pieces];
    double[] freeAfterPart = new double[world];
    for (int rank = 0; rank < world - 1; rank++) {
      freeAfterPart[rank] = pass(there, 0);
    }
    // from the last rank to rank 0, a connection of its own
    pass(there, 0);
    for (int rank = 0; rank < world - 2; rank++) {
      pass(there, freeAfterPart[rank]);
    }
    return there[pieces - 1];
  }

  /** Pieces go over a connection, and are there then; when it is free. */
  private double pass(double[] there, double freeFrom) {
    double free = freeFrom;
    for (int i = 0; i < pieces; i++) {
      free = Math.max(free, there[i]) + piece;
      there[i] = free + latency;
    }
    return free;
  }
}
