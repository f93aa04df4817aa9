package io.dropblock.nn;

/**
 * A running layer or vertex with convolutions, whose weights are packed for the loops before they
 * are multiplied.
 */
public interface PackedWeightsHolder {
  /**
   * For a network that is not trained: its weights are packed at the first pass and kept so, until
   * all of them change.
   */
  void keepPacked();

  /** Packs anew at the next pass, as weights have changed. */
  void forgetPacked();
}
