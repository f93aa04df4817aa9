package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;

/**
 * What the DropBlock layers of a network need to know for one step. It comes from outside: the
 * layers count nothing, so that a retried or resumed step draws the masks it drew before.
 *
 * @param keepProbability nominal keep probability, 0 to 1; 1 switches DropBlock off, exactly
 * @param seed the seed of the run
 * @param step the number of the update, from 0
 * @param firstSample the index of the local batch's first sample within the global batch, from 0
 */
public record DropBlockStep(double keepProbability, long seed, long step, long firstSample) {

  /**
   * @throws IllegalArgumentException if the keep probability is outside [0, 1]
   */
  public DropBlockStep {
    BlockGeometry.requireProbability(keepProbability);
  }
}
