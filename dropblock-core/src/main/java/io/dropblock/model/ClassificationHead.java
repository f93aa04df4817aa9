package io.dropblock.model;

import java.util.List;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Image classification: global average of the last level, dense layer, softmax. The output is the
 * class probabilities, {@code [N, classes]}; the loss softmax cross entropy, summed over classes.
 *
 * @param classes number of classes, at least 2
 */
public record ClassificationHead(int classes) implements Head {
  private static final double DEVIATION = .01;

  /** Checks the range. */
  public ClassificationHead {
    if (classes < 2) {
      throw new IllegalArgumentException("Invalid number of classes: " + classes);
    }
  }

  @Override
  public String title(String trunk) {
    return trunk;
  }

  @Override
  public String output() {
    return "head/softmax";
  }

  @Override
  public boolean hasSites() {
    return false;
  }

  @Override
  public void addTo(Motifs graph, List<Level> levels) {
    String pool =
        graph.layer(
            "head/pool",
            new GlobalPoolingLayer.Builder(PoolingType.AVG).poolingDimensions(1, 2).build(),
            levels.get(levels.size() - 1).vertex());
    graph.layer(
        output(),
        new OutputLayer.Builder(new LossMCXENT())
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .weightInit(new NormalDistribution(0, DEVIATION))
            .build(),
        pool);
  }
}
