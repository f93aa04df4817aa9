package io.dropblock.model;

import io.dropblock.nn.pyramid.UpsampleSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;

/**
 * A feature pyramid (Lin et al. 2017) on a trunk, as in {@code tensorflow/tpu:
 * models/official/retinanet/retinanet_architecture.py}: each level is brought to {@code filters}
 * channels by a 1x1 convolution, the coarser level is upsampled and added, then come a 3x3
 * convolution and a normalisation. Convolutions have a bias.
 *
 * <p>Upsampling is bilinear with aligned corners.
 *
 * @param first number of the finest level: 3 is C3, in a ResNet of stride 8
 * @param last number of the coarsest level, which is the trunk's last
 * @param filters channels of each level
 */
public record Pyramid(int first, int last, int filters) {

  /** Checks the ranges. */
  public Pyramid {
    if (first > last) {
      throw new IllegalArgumentException(
          "Invalid pyramid: level " + first + " is above level " + last);
    }
    if (filters < 1) {
      throw new IllegalArgumentException("Invalid number of filters: " + filters);
    }
  }

  /**
   * Adds it to a graph under construction.
   *
   * @param trunk levels of the trunk
   * @return its levels, the finest first
   * @throws IllegalArgumentException if the trunk lacks one, or goes on behind the last
   */
  List<Level> addTo(Motifs graph, List<Level> trunk) {
    List<Level> covered = covered(trunk);
    List<Level> levels = new ArrayList<>();
    String above = null;
    for (int i = covered.size() - 1; i >= 0; i--) {
      Level level = covered.get(i);
      above = step(graph, level, above);
      levels.add(
          0, new Level(level.number(), smoothed(graph, level, above), filters, level.stride()));
    }
    return levels;
  }

  private List<Level> covered(List<Level> trunk) {
    int from = trunk.get(0).number();
    int to = trunk.get(trunk.size() - 1).number();
    if (first < from || last != to) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot build a pyramid of levels %d to %d: the trunk has levels %d to %d, and the"
                  + " pyramid must end with its last",
              first,
              last,
              from,
              to));
    }
    return trunk.subList(first - from, trunk.size());
  }

  /** The level's own features and what comes down from the coarser one, null for none. */
  private String step(Motifs graph, Level level, String above) {
    String lateral =
        graph.convolution("pyramid/lateral" + level.number(), level.vertex(), convolution(1));
    return above == null
        ? lateral
        : graph.vertex("pyramid/sum" + level.number(), new UpsampleSum(), above, lateral);
  }

  private String smoothed(Motifs graph, Level level, String sum) {
    String convolved = graph.convolution("pyramid/conv" + level.number(), sum, convolution(3));
    return graph.norm("pyramid/bn" + level.number(), convolved, false);
  }

  private ConvolutionLayer.Builder convolution(int kernel) {
    return Motifs.convolution(filters, kernel, 1)
        .hasBias(true)
        .weightInit(new WeightInitXavierUniform());
  }
}
