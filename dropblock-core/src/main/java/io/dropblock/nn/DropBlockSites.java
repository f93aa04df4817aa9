package io.dropblock.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The DropBlock layers, DropPath and Dropout vertices of one network, told together what each step
 * needs. Not safe for use by several threads at once, as the network itself is not.
 *
 * <p>From then on DropBlock layers overwrite their input in training where nobody needs it any
 * more: nothing else reads it, and the layer that wrote it is a convolution, a batch normalisation
 * or an activation that does not read its output again for the gradient. That saves a tensor and a
 * third of the memory traffic; {@code feedForward(input, true)} then shows the dropped activations
 * in place of that layer's own.
 */
public final class DropBlockSites {
  private final List<DropSite> sites;

  private DropBlockSites(List<DropSite> sites) {
    this.sites = sites;
  }

  /** The sites of an initialised graph, in the order of the forward pass; may be none. */
  public static DropBlockSites of(ComputationGraph network) {
    InputOwnership.grant(network);
    return new DropBlockSites(
        Arrays.stream(network.topologicalSortOrder())
            .mapToObj(index -> network.getVertices()[index])
            .flatMap(DropBlockSites::in)
            .toList());
  }

  /** The sites of a vertex, in the order of the forward pass. */
  static Stream<DropSite> in(GraphVertex vertex) {
    if (vertex instanceof SiteHolder holder) {
      return holder.sites().stream().map(DropSite.class::cast);
    }
    Object running = vertex.hasLayer() ? vertex.getLayer() : vertex;
    return running instanceof DropSite site ? Stream.of(site) : Stream.empty();
  }

  /** The sites of an initialised network, in the order of the forward pass; may be none. */
  public static DropBlockSites of(MultiLayerNetwork network) {
    InputOwnership.grant(network);
    return new DropBlockSites(
        Arrays.stream(network.getLayers())
            .filter(DropSite.class::isInstance)
            .map(DropSite.class::cast)
            .toList());
  }

  /** Number of sites. */
  public int size() {
    return sites.size();
  }

  /**
   * Sets what holds for the coming forward and backward pass, at every site. It takes precedence
   * over a site's own schedule, from now on.
   */
  public void set(DropBlockStep step) {
    sites.forEach(site -> site.state().tell(step));
  }

  /** A micro-batch of a step is done: the samples of the coming pass are those behind it. */
  void passed(int samples) {
    sites.forEach(site -> site.state().passed(samples));
  }

  /** The step is over, or given up. */
  void restart() {
    sites.forEach(site -> site.state().restart());
  }

  /** Sets for all sites whether they drop at inference, too. */
  public void activeAtInference(boolean active) {
    sites.forEach(site -> site.state().activeAtInference(active));
  }

  /**
   * The realised share of kept elements in the last forward pass, or the last step of a {@link
   * GradientAccumulation}, by name, in the order of the network; 1 where a site was off; of a
   * DropPath, the share of kept samples. {@link Dropout} is not among them. The figure to watch:
   * published code bases trained with a DropBlock that was silently off.
   */
  public Map<String, Double> keptFractions() {
    Map<String, Double> fractions = new LinkedHashMap<>();
    sites.stream()
        .filter(DropSite::isScheduled)
        .forEach(site -> fractions.put(site.name(), site.state().keptFraction()));
    return fractions;
  }

  /**
   * The share of kept elements that was to be expected in the last forward pass, exactly, of the
   * sites of {@link #keptFractions} and in their order: the mean over many masks of what that says.
   */
  public Map<String, Double> expectedFractions() {
    Map<String, Double> fractions = new LinkedHashMap<>();
    sites.stream()
        .filter(DropSite::isScheduled)
        .forEach(site -> fractions.put(site.name(), site.state().expectedFraction()));
    return fractions;
  }
}
