package io.dropblock.model;

import io.dropblock.brought.Part;
import io.dropblock.loss.SmoothedCrossEntropy;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/**
 * The last layer of a network that somebody brought, with our loss in place of its own. Outputs and
 * labels are those of {@link ClassificationHead}.
 *
 * @param trunk the rest of that network
 * @param smoothing of the labels, 0 to below 1: {@link SmoothedCrossEntropy}
 */
public record BroughtClassificationHead(BroughtTrunk trunk, double smoothing) implements Head {

  @Override
  public String title(String title) {
    return title;
  }

  @Override
  public List<String> outputs() {
    return List.of(trunk.network().output());
  }

  @Override
  public boolean hasSites() {
    return false;
  }

  @Override
  public void addTo(Motifs graph, List<Level> levels) {
    Part output = trunk.output();
    Layer layer = output.layer();
    if (layer instanceof OutputLayer dense) {
      dense.setLossFn(new SmoothedCrossEntropy(smoothing));
    } else {
      ((LossLayer) layer).setLossFn(new SmoothedCrossEntropy(smoothing));
    }
    graph.part(output);
  }
}
