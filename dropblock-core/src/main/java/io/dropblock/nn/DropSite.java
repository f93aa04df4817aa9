package io.dropblock.nn;

/** A place in a network where activations are dropped: what {@link DropBlockSites} tells. */
sealed interface DropSite permits DropBlockLayer, DropBlockSite, DropPathVertex, DropoutVertex {

  /** The name of the layer or vertex in its network. */
  String name();

  /** What the site knows and what it last did. */
  SiteState state();

  /** Whether the keep probability that is told holds here. */
  default boolean isScheduled() {
    return true;
  }
}
