package io.dropblock.op;

/**
 * What kept elements are multiplied by, so that dropping does not change the size of what the next
 * layer sees.
 */
public enum Normalization {
  /**
   * {@code count(M) / count_ones(M)} over the whole tensor, that is over the local batch of a rank:
   * the paper's Algorithm 1 and the reference ({@code tensorflow/tpu:
   * models/official/resnet/resnet_model.py}). What comes out for a sample depends a little on which
   * samples share its rank.
   */
  BATCH,

  /**
   * The same ratio over each sample, all its channels together: independent of how a batch is split
   * over ranks. Never over a single map, where it would undo the dropping of whole maps.
   */
  SAMPLE,

  /** Kept elements stay as they are. */
  NONE
}
