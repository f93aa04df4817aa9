package io.dropblock.model;

import io.dropblock.model.Regularization.Kind;
import io.dropblock.model.Regularization.Site;
import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.ChannelsLast;
import io.dropblock.nn.DropBlock;
import io.dropblock.nn.DropPath;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.Rectifier;
import io.dropblock.nn.ResidualSum;
import io.dropblock.nn.separable.DepthwiseConvolution;
import io.dropblock.optimizer.Optimizer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanIn;
import org.nd4j.linalg.activations.Activation;

/**
 * The motifs that residual networks repeat, added to one graph under construction. Every method
 * takes the name of the vertex to read, adds its own and returns the name of the last; {@code at}
 * is a name's beginning, {@code id} its end.
 *
 * <p>Images come as {@code [n, c, h, w]}; behind the first convolution maps are {@code [n, h, w,
 * c]}.
 *
 * <p>Details are those of {@code tensorflow/tpu: models/official/resnet/resnet_model.py}.
 */
final class Motifs {
  /** What a batch normalisation multiplies with before training; 0 silences a residual branch. */
  enum Gamma {
    ZERO,
    ONE
  }

  /** Standard deviation of the unit normal distribution cut at +-2. */
  private static final double TRUNCATED_DEVIATION = .87962566103423978;

  /** Name of a residual block's last vertex, behind the block's own. */
  static final String SUM = "sum";

  /** What {@link #relu} adds to a name. */
  static final String RELU = "-relu";

  private static final String INPUT = "image";

  private final GraphBuilder graph;
  private final MapShape image;
  private final Trunk trunk;
  private final NormSettings norms;
  private final Regularization regularization;
  private final Optimizer optimizer;
  private final Set<String> rectified = new HashSet<>();

  private Motifs(
      GraphBuilder graph,
      MapShape image,
      Trunk trunk,
      NormSettings norms,
      Regularization regularization,
      Optimizer optimizer) {
    this.graph = graph;
    this.image = image;
    this.trunk = trunk;
    this.norms = norms;
    this.regularization = regularization;
    this.optimizer = optimizer;
  }

  /** Starts a graph for a trunk. */
  static Motifs startOf(
      MapShape image,
      Trunk trunk,
      NormSettings norms,
      Regularization regularization,
      Optimizer optimizer,
      long seed) {
    // DL4J draws from a normal cut at two deviations and does not widen it; TensorFlow does, so
    // that the deviation
    // after the cut is sqrt(1 / fanIn).
    var weights =
        new WeightInitVarScalingNormalFanIn(1 / (TRUNCATED_DEVIATION * TRUNCATED_DEVIATION));
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .activation(Activation.IDENTITY)
            .weightInit(weights)
            .graphBuilder()
            .addInputs(INPUT)
            .setInputTypes(image.inputType());
    return new Motifs(graph, image, trunk, norms, regularization, optimizer);
  }

  String input() {
    return INPUT;
  }

  /** The shape of the training images. */
  MapShape image() {
    return image;
  }

  /**
   * Convolution without bias, normalisation, ReLU. Names: {@code conv}, {@code bn} + id; the ReLU
   * is the normalisation's.
   */
  String convNormRelu(String at, String id, String from, int filters, int kernel, int stride) {
    return convNorm(at, id, from, convolution(filters, kernel, stride), Gamma.ONE, true);
  }

  /** Convolution without bias and normalisation. Names: {@code conv}, {@code bn} + id. */
  String convNorm(
      String at, String id, String from, int filters, int kernel, int stride, Gamma gamma) {
    return convNorm(at, id, from, convolution(filters, kernel, stride), gamma, false);
  }

  /** Any convolution and its normalisation, with a ReLU if wanted. */
  String convNorm(
      String at, String id, String from, ConvolutionLayer.Builder convolution, boolean relu) {
    return convNorm(at, id, from, convolution, Gamma.ONE, relu);
  }

  private String convNorm(
      String at,
      String id,
      String from,
      ConvolutionLayer.Builder convolution,
      Gamma gamma,
      boolean relu) {
    String conv = at + "conv" + id;
    if (from.equals(INPUT)) {
      graph.addLayer(conv, LeanConvolution.first(convolution), new ChannelsLast(), from);
    } else {
      graph.addLayer(conv, LeanConvolution.of(convolution), from);
    }
    return layer(at + "bn" + id, normalization(gamma, relu), conv);
  }

  /** 3x3 maxima with stride 2. */
  String maxPool(String name, String from, PoolPadding padding) {
    if (padding == PoolPadding.SAME) {
      return pool(name, from, SubsamplingLayer.PoolingType.MAX, 3, 2);
    }
    return layer(
        name,
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(3, 3)
            .stride(2, 2)
            .padding(1, 1)
            .convolutionMode(ConvolutionMode.Truncate)
            .build(),
        from);
  }

  /**
   * DropBlock, dropout or SpatialDropout where the regularization covers the site; elsewhere {@code
   * from} itself. Names: {@code dropblock} + id, whichever it is.
   */
  String dropBlock(String at, String id, String from, int group, Site site) {
    if (regularization.kind().isOfPaths() || !regularization.covers(group, site)) {
      return from;
    }
    var layer =
        regularization.block().dropScale(regularization.dropScale(group, trunk.groups())).build();
    return layer(at + "dropblock" + id, layer, from);
  }

  /**
   * The end of a residual block: the branch's DropPath, if the group has one, and the sum with its
   * ReLU. Nothing is dropped after it.
   */
  String join(String at, int group, String branch, String shortcut) {
    String kept = branch;
    if (regularization.kind() == Kind.DROP_PATH && regularization.covers(group, Site.BRANCH)) {
      kept = at + "drop-path";
      double dropScale = regularization.dropScale(group, trunk.groups());
      graph.addVertex(kept, new DropPath.Builder().dropScale(dropScale).build(), branch);
    }
    graph.addVertex(at + SUM, new ResidualSum(), kept, shortcut);
    return at + SUM;
  }

  /**
   * DropPath behind an operation of a cell, if the group has one; elsewhere {@code from} itself.
   *
   * @param cell from 0
   * @param cells how many there are
   */
  String dropPath(String name, String from, int group, int cell, int cells) {
    if (!regularization.kind().isOfPaths() || !regularization.covers(group, Site.BRANCH)) {
      return from;
    }
    double scale = regularization.pathScale(group, trunk.groups(), cell, cells);
    return vertex(name, new DropPath.Builder().dropScale(scale).build(), from);
  }

  /** Ends the graph with the vertices whose outputs are the network's. */
  ComputationGraphConfiguration end(List<String> outputs) {
    return optimizer.applyTo(graph.setOutputs(outputs.toArray(String[]::new)).build());
  }

  /** DropBlock's settings at the sites of the head, if it drops there. */
  Optional<DropBlock> headBlock() {
    return regularization.coversHead()
        ? Optional.of(regularization.block().dataFormat(CNN2DFormat.NHWC).build())
        : Optional.empty();
  }

  /** Initial weights of a dense layer on the trunk's pooled features. */
  IWeightInit headWeights(int outputs) {
    return trunk.headWeights(outputs);
  }

  /** The shape of what a vertex gives, of one training image. */
  MapShape shape(String vertex) {
    return MapShape.of(graph.getLayerActivationTypes().get(vertex));
  }

  NormSettings norms() {
    return norms;
  }

  String convolution(String name, String from, ConvolutionLayer.Builder convolution) {
    return layer(name, LeanConvolution.of(convolution), from);
  }

  /** Batch normalisation with a ReLU, if wanted. */
  String norm(String name, String from, boolean relu) {
    return layer(name, normalization(Gamma.ONE, relu), from);
  }

  /** A ReLU that leaves its input as it is, one for all that ask. Name: {@code from} + "-relu". */
  String relu(String from) {
    String name = from + RELU;
    return rectified.add(name) ? vertex(name, new Rectifier(), from) : name;
  }

  /**
   * A depthwise convolution without bias, one filter a channel. SAME: with a stride the padding is
   * at the bottom and right first. Its weights {@code W} are {@code [kernel, kernel, channels, 1]}.
   *
   * @param reluInFront whether it rectifies what it reads
   */
  String depthwise(String name, String from, int kernel, int stride, boolean reluInFront) {
    var layer = new DepthwiseConvolution(kernel, stride, reluInFront);
    layer.setWeightInitFn(FanOut.ofDepthwise(kernel));
    return layer(name, layer, from);
  }

  /** SAME; a mean is over the pixels that are there. */
  String pool(String name, String from, SubsamplingLayer.PoolingType type, int kernel, int stride) {
    return layer(
        name,
        new SubsamplingLayer.Builder(type)
            .kernelSize(kernel, kernel)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same)
            .build(),
        from);
  }

  String vertex(String name, GraphVertex vertex, String... from) {
    graph.addVertex(name, vertex, from);
    return name;
  }

  String layer(String name, Layer layer, String from) {
    graph.addLayer(name, layer, from);
    return name;
  }

  /**
   * Without bias. With a stride, (k - 1) / 2 zeros on every side, so that the sampling grid does
   * not depend on the image's size.
   */
  static ConvolutionLayer.Builder convolution(int filters, int kernel, int stride) {
    int padding = stride == 1 ? 0 : (kernel - 1) / 2;
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(filters)
        .stride(stride, stride)
        .padding(padding, padding)
        .convolutionMode(stride == 1 ? ConvolutionMode.Same : ConvolutionMode.Truncate)
        .hasBias(false);
  }

  /** DL4J documents {@code gamma} as only for locked layers, yet starts from it. */
  private BatchNorm normalization(Gamma gamma, boolean relu) {
    return new BatchNorm(
        norms.decay(), norms.epsilon(), gamma == Gamma.ZERO ? 0 : 1, relu, norms.frozen());
  }
}
