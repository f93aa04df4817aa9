package io.dropblock.model;

import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.nn.Dropout;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * Image classification: global average of the last level, dropout, dense layer, softmax. The output
 * is the class probabilities, {@code [N, classes]}; labels are class numbers, {@code [N, 1]}, or of
 * mixed images {@code [N, 3]}, as {@link SmoothedCrossEntropy} takes them. With an auxiliary
 * classifier that is a second output in training, with the same labels.
 *
 * @param classes number of classes, at least 2
 * @param smoothing of the labels, 0 to below 1: {@link SmoothedCrossEntropy}
 * @param keepProbability of the features before the dense layer in training, above 0 and at most 1,
 *     which leaves the dropout away
 * @param auxiliary a second classifier on an earlier level
 */
public record ClassificationHead(
    int classes, double smoothing, double keepProbability, Optional<Auxiliary> auxiliary)
    implements Head {
  private static final String OUTPUT = "head/softmax";

  /** Without label smoothing. */
  public ClassificationHead(int classes) {
    this(classes, 0);
  }

  /** Without dropout and without an auxiliary classifier. */
  public ClassificationHead(int classes, double smoothing) {
    this(classes, smoothing, 1, Optional.empty());
  }

  /** Checks the ranges. */
  public ClassificationHead {
    if (!(keepProbability > 0 && keepProbability <= 1)) {
      throw new IllegalArgumentException(
          "Invalid keep probability of dropout: "
              + keepProbability
              + " is not above 0 and at most 1");
    }
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
    return auxiliary.isPresent() ? List.of(OUTPUT, Auxiliary.OUTPUT) : List.of(OUTPUT);
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
    String kept =
        keepProbability < 1
            ? graph.vertex("head/dropout", new Dropout(keepProbability), pool)
            : pool;
    SmoothedCrossEntropy loss = new SmoothedCrossEntropy(smoothing);
    graph.layer(
        OUTPUT,
        new OutputLayer.Builder(loss)
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .weightInit(graph.headWeights(classes))
            .build(),
        kept);
    auxiliary.ifPresent(second -> second.addTo(graph, levels, classes, loss));
  }
}
