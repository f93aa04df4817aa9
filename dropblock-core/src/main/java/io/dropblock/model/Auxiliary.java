package io.dropblock.model;

import io.dropblock.loss.AuxiliaryOutput;
import io.dropblock.loss.WeightedLoss;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A second classifier on an earlier level, in training alone: ReLU, means of 5x5 with stride 3,
 * convolution 1x1, normalisation, ReLU, a convolution over the whole map, normalisation, ReLU,
 * dense layer, softmax. {@code tensorflow/tpu: models/official/amoeba_net/model_builder.py}, {@code
 * _build_aux_head}, whose {@code aux_scaling} of 0.4 multiplies 128 and 768 filters.
 *
 * @param level that it reads
 * @param weight of its loss beside the main one's, above 0; 0.4 in that source
 */
public record Auxiliary(int level, double weight) {
  /** Names of its vertices begin so. */
  static final String AT = "auxiliary/";

  static final String OUTPUT = AT + "softmax";

  /** Side of the means: maps must not be smaller. */
  public static final int LEAST_SIDE = 5;

  private static final int STRIDE = 3;
  private static final int PROJECTION = 51;
  private static final int FILTERS = 307;

  /** Checks the range. */
  public Auxiliary {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid weight of the auxiliary loss: " + weight + " is not a finite number above 0");
    }
  }

  /**
   * Adds it to a graph under construction.
   *
   * @throws IllegalArgumentException if the trunk lacks the level, or its maps are too small
   */
  void addTo(Motifs graph, List<Level> levels, int classes, ILossFunction loss) {
    String from =
        levels.stream()
            .filter(one -> one.number() == level)
            .map(Level::vertex)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot attach an auxiliary classifier: there is no level " + level));
    MapShape map = graph.shape(from);
    if (map.height() < LEAST_SIDE || map.width() < LEAST_SIDE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot attach an auxiliary classifier: maps of level %d are %d x %d, at least %d x"
                  + " %d are needed",
              level,
              map.height(),
              map.width(),
              LEAST_SIDE,
              LEAST_SIDE));
    }
    String pool =
        graph.layer(
            AT + "pool",
            new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                .kernelSize(LEAST_SIDE, LEAST_SIDE)
                .stride(STRIDE, STRIDE)
                .convolutionMode(ConvolutionMode.Truncate)
                .build(),
            graph.relu(from));
    String projected = convolution(graph, "1", pool, PROJECTION, 1, 1);
    int height = (map.height() - LEAST_SIDE) / STRIDE + 1;
    int width = (map.width() - LEAST_SIDE) / STRIDE + 1;
    String whole = convolution(graph, "2", projected, FILTERS, height, width);
    String vector =
        graph.layer(
            AT + "vector",
            new GlobalPoolingLayer.Builder(PoolingType.AVG).poolingDimensions(1, 2).build(),
            whole);
    graph.layer(
        OUTPUT,
        new AuxiliaryOutput(
            new OutputLayer.Builder(new WeightedLoss(loss, weight))
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .weightInit(FanOut.ofDense(classes))),
        vector);
  }

  private static String convolution(
      Motifs graph, String id, String from, int filters, int height, int width) {
    var convolution =
        new ConvolutionLayer.Builder(height, width)
            .nOut(filters)
            .convolutionMode(ConvolutionMode.Truncate)
            .hasBias(false)
            .weightInit(FanOut.ofConvolution(height, width, filters));
    return graph.norm(AT + "bn" + id, graph.convolution(AT + "conv" + id, from, convolution), true);
  }
}
