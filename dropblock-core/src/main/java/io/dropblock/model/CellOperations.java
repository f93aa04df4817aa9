package io.dropblock.model;

import io.dropblock.genotype.Operation;
import io.dropblock.model.Regularization.Site;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * The operations of one cell, added to a graph under construction. Behind each normalisation is a
 * site that drops, and one on each state that is added as it is; behind each operation but the
 * identity, DropPath.
 *
 * <p>Where a ReLU alone reads a normalisation, it is part of that, and DropBlock comes behind both:
 * masks and scales are not negative, so that the order does not matter.
 */
final class CellOperations {
  private static final int NARROWER = 4;

  private final Motifs graph;
  private final CellPlace place;

  CellOperations(Motifs graph, CellPlace place) {
    this.graph = graph;
    this.place = place;
  }

  /** Adds an operation and its DropPath. */
  State apply(Operation operation, String at, State from, int stride) {
    boolean fits = stride == 1 && from.map().channels() == place.filters();
    if (operation instanceof Operation.Identity && fits) {
      return from.with(graph.dropBlock(at, "", from.vertex(), place.group(), Site.SKIP));
    }
    String last = result(operation, at, from, stride);
    if (!(operation instanceof Operation.Identity)) {
      last = graph.dropPath(at + "drop-path", last, place.group(), place.number(), place.cells());
    }
    return new State(last, from.reduced(place.filters(), stride));
  }

  private String result(Operation operation, String at, State from, int stride) {
    if (operation instanceof Operation.Separable separable) {
      return separable(separable, at, from, stride);
    }
    if (operation instanceof Operation.Pooling pooling) {
      return pooling(pooling, at, from, stride);
    }
    return operation instanceof Operation.Bottleneck
        ? bottleneck(at, from, stride)
        : pointwise(at, "", from, stride);
  }

  /** ReLU, convolution 1x1, normalisation. */
  String pointwise(String at, String id, State from, int stride) {
    String relu = graph.relu(from.vertex());
    return norm(at, id, conv(at + "conv" + id, relu, place.filters(), 1, stride), false);
  }

  private String bottleneck(String at, State from, int stride) {
    int narrow = place.filters() / NARROWER;
    String relu = graph.relu(from.vertex());
    if (narrow < 1) {
      return norm(at, "", conv(at + "conv", relu, place.filters(), 3, stride), false);
    }
    String last = norm(at, "1", conv(at + "conv1", relu, narrow, 1, 1), true);
    last = norm(at, "2", conv(at + "conv2", last, narrow, 3, stride), true);
    return norm(at, "3", conv(at + "conv3", last, place.filters(), 1, 1), false);
  }

  private String separable(Operation.Separable separable, String at, State from, int stride) {
    String last = from.vertex();
    for (int layer = 1; layer <= separable.layers(); layer++) {
      boolean first = layer == 1;
      last =
          graph.depthwise(
              at + "depthwise" + layer, last, separable.kernel(), first ? stride : 1, first);
      last = conv(at + "conv" + layer, last, place.filters(), 1, 1);
      last = norm(at, String.valueOf(layer), last, layer < separable.layers());
    }
    return last;
  }

  private String pooling(Operation.Pooling pooling, String at, State from, int stride) {
    var type =
        pooling.maximum() ? SubsamplingLayer.PoolingType.MAX : SubsamplingLayer.PoolingType.AVG;
    String pool = graph.pool(at + "pool", from.vertex(), type, pooling.kernel(), stride);
    if (from.map().channels() == place.filters()) {
      return pool;
    }
    return norm(at, "", conv(at + "conv", pool, place.filters(), 1, 1), false);
  }

  /**
   * A convolution without bias. SAME: with a stride the padding is at the bottom and right first.
   */
  String conv(String name, String from, int filters, int kernel, int stride) {
    var convolution =
        new ConvolutionLayer.Builder(kernel, kernel)
            .nOut(filters)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same)
            .hasBias(false)
            .weightInit(FanOut.ofConvolution(kernel, kernel, filters));
    return graph.convolution(name, from, convolution);
  }

  /** A normalisation with its site. */
  String norm(String at, String id, String from, boolean relu) {
    String norm = graph.norm(at + "bn" + id, from, relu);
    return graph.dropBlock(at, id, norm, place.group(), Site.BRANCH);
  }
}
