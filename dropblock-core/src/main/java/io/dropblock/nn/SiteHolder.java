package io.dropblock.nn;

import java.util.List;

/**
 * A running vertex with DropBlock sites in it, which {@link DropBlockSites} tells what it tells.
 */
public interface SiteHolder {

  /** The sites in the order of the forward pass; may be none. */
  List<DropBlockSite> sites();
}
