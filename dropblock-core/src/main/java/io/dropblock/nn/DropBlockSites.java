package io.dropblock.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The DropBlock layers of one network, told together what each step needs. Not safe for use by
 * several threads at once, as the network itself is not.
 */
public final class DropBlockSites {
  private final List<DropBlockLayer> layers;

  private DropBlockSites(Layer[] layers) {
    this.layers =
        Arrays.stream(layers)
            .filter(DropBlockLayer.class::isInstance)
            .map(DropBlockLayer.class::cast)
            .toList();
  }

  /** The sites of an initialised graph; none if it has no DropBlock layer. */
  public static DropBlockSites of(ComputationGraph network) {
    return new DropBlockSites(network.getLayers());
  }

  /** The sites of an initialised network; none if it has no DropBlock layer. */
  public static DropBlockSites of(MultiLayerNetwork network) {
    return new DropBlockSites(network.getLayers());
  }

  /** Number of sites. */
  public int size() {
    return layers.size();
  }

  /** Sets what holds for the coming forward and backward pass, at every site. */
  public void set(DropBlockStep step) {
    layers.forEach(layer -> layer.step(step));
  }

  /** Sets for all sites whether blocks are dropped at inference, too. */
  public void activeAtInference(boolean active) {
    layers.forEach(layer -> layer.activeAtInference(active));
  }

  /**
   * The realised share of kept elements in the last forward pass by layer name, in the order of the
   * network; 1 where a site was off. The figure to watch: published code bases trained with a
   * DropBlock that was silently off.
   */
  public Map<String, Double> keptFractions() {
    Map<String, Double> fractions = new LinkedHashMap<>();
    layers.forEach(layer -> fractions.put(layer.name(), layer.keptFraction()));
    return fractions;
  }
}
