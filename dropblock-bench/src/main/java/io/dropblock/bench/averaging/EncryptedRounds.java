package io.dropblock.bench.averaging;

/**
 * The same rounds on an encrypted ring.
 *
 * @param ring rounds of the ring
 * @param chain rounds of the sum from rank to rank
 */
record EncryptedRounds(RoundsFigure ring, RoundsFigure chain) {

  /** How many times as long a round takes as in the clear, by the medians. */
  static double time(RoundsFigure encrypted, RoundsFigure clear) {
    return encrypted.milliseconds().median() / clear.milliseconds().median();
  }

  /** How many times the CPU time it takes. */
  static double cpu(RoundsFigure encrypted, RoundsFigure clear) {
    return encrypted.cpuMilliseconds() / clear.cpuMilliseconds();
  }
}
