package io.dropblock.nn.cell;

import org.deeplearning4j.nn.conf.graph.MergeVertex;

/**
 * Puts maps together along their channels, as DL4J's vertex does, and its copies do so, too: a copy
 * of DL4J's forgets along which axis, so that copies of a network with the channels last, on
 * dl4j-spark's workers among them, put rows together.
 */
public final class ChannelMerge extends MergeVertex {
  private static final long serialVersionUID = 1L;

  @Override
  public ChannelMerge clone() {
    ChannelMerge copy = new ChannelMerge();
    copy.mergeAxis = mergeAxis;
    copy.modified = modified;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelMerge that && mergeAxis == that.mergeAxis;
  }

  @Override
  public int hashCode() {
    return mergeAxis;
  }
}
