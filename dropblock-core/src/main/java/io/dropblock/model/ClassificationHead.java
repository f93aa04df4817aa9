package io.dropblock.model;

import io.dropblock.loss.SmoothedCrossEntropy;
import java.util.List;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * Image classification: global average of the last level, dense layer, softmax. The output is the
 * class probabilities, {@code [N, classes]}; labels are class numbers, {@code [N, 1]}, or of mixed
 * images {@code [N, 3]}, as {@link SmoothedCrossEntropy} takes them.
 *
 * @param classes number of classes, at least 2
 * @param smoothing of the labels, 0 to below 1: {@link SmoothedCrossEntropy}
 */
public record ClassificationHead(int classes, double smoothing) implements Head {
  private static final String OUTPUT = "head/softmax";

  private static final double DEVIATION = .01;

  /** Without label smoothing. */
  public ClassificationHead(int classes) {
    this(classes, 0);
  }

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
  public List<String> outputs() {
    return List.of(OUTPUT);
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
        OUTPUT,
        new OutputLayer.Builder(new SmoothedCrossEntropy(smoothing))
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .weightInit(new NormalDistribution(0, DEVIATION))
            .build(),
        pool);
  }
}
