package io.dropblock.model;

import io.dropblock.nn.Rectifier;
import io.dropblock.nn.pyramid.UpsampleSum;
import io.dropblock.nn.pyramid.Upsampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;

/**
 * A feature pyramid (Lin et al. 2017) on a trunk, as in {@code tensorflow/tpu:
 * models/official/retinanet/retinanet_architecture.py}: each level of the trunk is brought to
 * {@code filters} channels by a 1x1 convolution, the coarser level is upsampled and added, then
 * come a 3x3 convolution and a normalisation.
 *
 * <p>Levels behind the trunk's last are 3x3 convolutions of stride 2 on the level before, as its
 * convolution left it, without its normalisation; from the second on a ReLU is between. A
 * normalisation follows. Their padding is TensorFlow's SAME: on even maps at the bottom and right
 * only.
 *
 * <p>Convolutions have a bias; their weights are drawn uniformly, as Glorot and Bengio (2010) do.
 *
 * @param first number of the finest level: 3 is C3, in a ResNet of stride 8
 * @param last number of the coarsest level: the trunk's last, or behind it
 * @param filters channels of each level
 * @param upsampling of the coarser level. The nearest pixel needs images whose sides are multiples
 *     of the stride of the trunk's last level
 */
public record Pyramid(int first, int last, int filters, Upsampling upsampling) {

  /** Checks the ranges. */
  public Pyramid {
    if (first > last) {
      throw new IllegalArgumentException(
          "Invalid pyramid: level " + first + " is above level " + last);
    }
    if (filters < 1) {
      throw new IllegalArgumentException("Invalid number of filters: " + filters);
    }
    Objects.requireNonNull(upsampling, "upsampling");
  }

  /** Bilinear with aligned corners, as segmentation has it. */
  public Pyramid(int first, int last, int filters) {
    this(first, last, filters, Upsampling.BILINEAR);
  }

  /**
   * Adds it to a graph under construction.
   *
   * @param trunk levels of the trunk
   * @return its levels, the finest first
   * @throws IllegalArgumentException if the trunk lacks one, or goes on behind the last, or the
   *     upsampling cannot be done on maps of these images
   */
  List<Level> addTo(Motifs graph, List<Level> trunk) {
    List<Level> covered = covered(trunk);
    requireDoubling(graph.image(), covered);
    List<Level> levels = new ArrayList<>();
    String above = null;
    for (int i = covered.size() - 1; i >= 0; i--) {
      Level level = covered.get(i);
      above = step(graph, level, above);
      levels.add(0, level(graph, level.number(), level.stride(), above, convolution(3)));
    }
    Level end = levels.get(levels.size() - 1);
    for (int number = end.number() + 1; number <= last; number++) {
      int stride = end.stride() << (number - end.number());
      String before = convolutionOf(number - 1);
      String read =
          number == end.number() + 1
              ? before
              : graph.vertex("pyramid/relu" + (number - 1), new Rectifier(), before);
      levels.add(level(graph, number, stride, read, halving()));
    }
    return levels;
  }

  private List<Level> covered(List<Level> trunk) {
    int from = trunk.get(0).number();
    int to = trunk.get(trunk.size() - 1).number();
    if (first < from || first > to || last < to) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot build a pyramid of levels %d to %d: the trunk has levels %d to %d, and the"
                  + " pyramid must begin with one of them and go on to the last or behind it",
              first,
              last,
              from,
              to));
    }
    return trunk.subList(first - from, trunk.size());
  }

  /** Maps of every level must be twice as large as those of the next. */
  private void requireDoubling(MapShape image, List<Level> covered) {
    int stride = covered.get(covered.size() - 1).stride();
    boolean doubles = image.height() % stride == 0 && image.width() % stride == 0;
    if (upsampling == Upsampling.NEAREST && covered.size() > 1 && !doubles) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot build a pyramid of levels %d to %d for images of %dx%d: its upsampling"
                  + " doubles maps, so height and width must be multiples of %d; take %dx%d",
              first,
              last,
              image.height(),
              image.width(),
              stride,
              roundedUp(image.height(), stride),
              roundedUp(image.width(), stride)));
    }
  }

  private static int roundedUp(int side, int stride) {
    return (side + stride - 1) / stride * stride;
  }

  /** The level's own features and what comes down from the coarser one, null for none. */
  private String step(Motifs graph, Level level, String above) {
    String lateral =
        graph.convolution("pyramid/lateral" + level.number(), level.vertex(), convolution(1));
    return above == null
        ? lateral
        : graph.vertex("pyramid/sum" + level.number(), new UpsampleSum(upsampling), above, lateral);
  }

  private Level level(
      Motifs graph, int number, int stride, String from, ConvolutionLayer.Builder convolution) {
    String convolved = graph.convolution(convolutionOf(number), from, convolution);
    String normalized = graph.norm("pyramid/bn" + number, convolved, false);
    return new Level(number, normalized, filters, stride);
  }

  private static String convolutionOf(int level) {
    return "pyramid/conv" + level;
  }

  private ConvolutionLayer.Builder convolution(int kernel) {
    return Motifs.convolution(filters, kernel, 1)
        .hasBias(true)
        .weightInit(new WeightInitXavierUniform());
  }

  /** DL4J's own limit would be another one: it divides the outputs by the square of the stride. */
  private ConvolutionLayer.Builder halving() {
    double limit = Math.sqrt(6. / (9. * (filters + filters)));
    return convolution(3).stride(2, 2).weightInit(new UniformDistribution(-limit, limit));
  }
}
