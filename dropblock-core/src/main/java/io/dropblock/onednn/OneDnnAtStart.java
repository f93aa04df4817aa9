package io.dropblock.onednn;

import org.nd4j.linalg.env.EnvironmentalAction;

/**
 * Switches oneDNN on when ND4J starts, which is before DL4J makes a layer: {@code Nd4j}'s
 * initialiser makes one of each of these services. Not for use by others.
 *
 * <p>ND4J means them for settings that stand in an environment variable and calls {@link #process}
 * only if it is set. To be made is enough here.
 */
public final class OneDnnAtStart implements EnvironmentalAction {
  /** Called by ND4J. */
  public OneDnnAtStart() {
    OneDnn.enable();
  }

  /** No variable's name, but ND4J wants one that no other service has. */
  @Override
  public String targetVariable() {
    return getClass().getName();
  }

  @Override
  public void process(String value) {
    // Nothing is set by the environment.
  }
}
