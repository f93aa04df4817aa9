package io.dropblock.onednn;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * A layer and the shapes of two inputs that it sees one after the other: a batch, and a single
 * larger sample.
 *
 * @param name what a failure is told with
 * @param layer its configuration
 * @param route how it comes to oneDNN
 * @param input what goes in
 * @param batch shape of the first input
 * @param single shape of the second
 * @param order of the inputs' elements, c or f
 */
record LayerCase(
    String name,
    Layer layer,
    Route route,
    InputType input,
    long[] batch,
    long[] single,
    char order) {

  enum Route {
    /** Through its helper. */
    HELPER,
    /** Through the op that it runs, without DL4J's doing. */
    OP,
    /** Not at all. */
    NONE
  }

  private static final int CHANNELS = 16;
  private static final ConvolutionMode SAME = ConvolutionMode.Same;
  private static final ConvolutionMode VALID = ConvolutionMode.Truncate;

  /** Every layer shape of the paper's networks, and those that DL4J or ND4J once had wrong. */
  static Stream<LayerCase> all() {
    return Stream.concat(
        IntStream.of(12, 13, 7).boxed().flatMap(LayerCase::onMap),
        Stream.of(
            onMaps("1x1 of 256 channels", convolution(1, 1, SAME, 64), Route.HELPER, 256, 7),
            onMaps("3x3 of 64 channels", convolution(3, 1, SAME, 64), Route.HELPER, 64, 14),
            onMaps("norm of single pixels", norm(), Route.HELPER, CHANNELS, 1),
            onMaps("norm in f order", norm(), Route.HELPER, CHANNELS, 6).inOrderF(),
            onMaps("3x3 in f order", convolution(3, 1, SAME, 8), Route.HELPER, CHANNELS, 6)
                .inOrderF(),
            onMaps("max pool in f order", pool(PoolingType.MAX, 3, 2, SAME), Route.OP, 5, 6)
                .inOrderF(),
            channelsLast("3x3 NHWC", channelsLast(), 7),
            channelsLast("3x3 NHWC in f order", channelsLast(), 7).inOrderF(),
            ofVectors("norm of vectors", norm()),
            ofVectors("norm of vectors in f order", norm()).inOrderF()));
  }

  private static Stream<LayerCase> onMap(int side) {
    return Stream.of(
            convolutions(side),
            separables(side),
            pools(side, SAME),
            pools(side, VALID),
            norms(side))
        .flatMap(List::stream);
  }

  private static List<LayerCase> convolutions(int side) {
    return List.of(
        onMaps("7x7/2 pad 3", padded(7, 2), Route.HELPER, 3, side),
        onMaps("7x7/2 SAME", convolution(7, 2, SAME, CHANNELS), Route.HELPER, 3, side),
        onMaps("3x3", convolution(3, 1, SAME, 32), Route.HELPER, CHANNELS, side),
        onMaps("3x3, odd channels", convolution(3, 1, SAME, 5), Route.HELPER, 7, side),
        onMaps("3x3, bias, ReLU", withBias(), Route.HELPER, CHANNELS, side),
        onMaps("3x3/2 pad 1", padded(3, 2), Route.HELPER, CHANNELS, side),
        onMaps("3x3/2 SAME", convolution(3, 2, SAME, 32), Route.HELPER, CHANNELS, side),
        onMaps("1x1", convolution(1, 1, SAME, 64), Route.HELPER, CHANNELS, side),
        onMaps("1x1/2 VALID", convolution(1, 2, VALID, 64), Route.HELPER, CHANNELS, side),
        onMaps("1x1/2 SAME", convolution(1, 2, SAME, 64), Route.HELPER, CHANNELS, side),
        onMaps("1x7", oblong(1, 7), Route.HELPER, CHANNELS, side),
        onMaps("7x1", oblong(7, 1), Route.HELPER, CHANNELS, side),
        onMaps("3x3 dilated by 2", dilated(2), Route.NONE, CHANNELS, side),
        onMaps("3x3 dilated by 4", dilated(4), Route.NONE, CHANNELS, side));
  }

  private static List<LayerCase> separables(int side) {
    return IntStream.of(3, 5, 7)
        .boxed()
        .flatMap(kernel -> Stream.of(new int[] {kernel, 1}, new int[] {kernel, 2}))
        .flatMap(
            shape ->
                Stream.of(
                    onMaps(
                        "separable " + shape[0] + "/" + shape[1],
                        separable(shape[0], shape[1]),
                        Route.NONE,
                        CHANNELS,
                        side),
                    onMaps(
                        "depthwise " + shape[0] + "/" + shape[1],
                        depthwise(shape[0], shape[1]),
                        Route.OP,
                        CHANNELS,
                        side)))
        .toList();
  }

  private static List<LayerCase> pools(int side, ConvolutionMode mode) {
    return Stream.of(new int[] {3, 1}, new int[] {3, 2}, new int[] {2, 2}, new int[] {1, 2})
        .flatMap(
            shape -> {
              String name = shape[0] + "x" + shape[0] + "/" + shape[1] + " " + mode;
              return Stream.of(
                  onMaps(
                      "max pool " + name,
                      pool(PoolingType.MAX, shape[0], shape[1], mode),
                      Route.OP,
                      CHANNELS,
                      side),
                  onMaps(
                      "average pool " + name,
                      pool(PoolingType.AVG, shape[0], shape[1], mode),
                      Route.OP,
                      CHANNELS,
                      side),
                  onMaps(
                      "average pool, padding counted, " + name,
                      countingPadding(shape[0], shape[1], mode),
                      Route.OP,
                      CHANNELS,
                      side));
            })
        .toList();
  }

  private static List<LayerCase> norms(int side) {
    var locked = new BatchNormalization.Builder().lockGammaBeta(true).build();
    var variance = new BatchNormalization.Builder().useLogStd(false).decay(.9).build();
    return List.of(
        onMaps("norm", norm(), Route.HELPER, CHANNELS, side),
        onMaps("norm, odd channels", norm(), Route.HELPER, 5, side),
        onMaps("norm that stores the variance", variance, Route.HELPER, CHANNELS, side),
        onMaps("norm that learns nothing", locked, Route.NONE, CHANNELS, side));
  }

  private static ConvolutionLayer convolution(
      int kernel, int stride, ConvolutionMode mode, int filters) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .stride(stride, stride)
        .nOut(filters)
        .hasBias(false)
        .convolutionMode(mode)
        .build();
  }

  private static ConvolutionLayer padded(int kernel, int stride) {
    ConvolutionLayer layer = convolution(kernel, stride, VALID, CHANNELS);
    layer.setPadding(new int[] {(kernel - 1) / 2, (kernel - 1) / 2});
    return layer;
  }

  private static ConvolutionLayer withBias() {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(36)
        .convolutionMode(SAME)
        .activation(Activation.RELU)
        .build();
  }

  private static ConvolutionLayer oblong(int height, int width) {
    return new ConvolutionLayer.Builder(height, width)
        .nOut(CHANNELS)
        .hasBias(false)
        .convolutionMode(SAME)
        .build();
  }

  private static ConvolutionLayer dilated(int dilation) {
    ConvolutionLayer layer = convolution(3, 1, SAME, CHANNELS);
    layer.setDilation(new int[] {dilation, dilation});
    layer.setCudnnAllowFallback(false);
    return layer;
  }

  private static ConvolutionLayer channelsLast() {
    return new ConvolutionLayer.Builder(3, 3)
        .stride(2, 2)
        .nOut(5)
        .convolutionMode(SAME)
        .dataFormat(CNN2DFormat.NHWC)
        .build();
  }

  private static SeparableConvolution2D separable(int kernel, int stride) {
    return new SeparableConvolution2D.Builder(kernel, kernel)
        .stride(stride, stride)
        .nOut(CHANNELS)
        .hasBias(false)
        .convolutionMode(SAME)
        .build();
  }

  private static DepthwiseConvolution2D depthwise(int kernel, int stride) {
    return new DepthwiseConvolution2D.Builder()
        .kernelSize(kernel, kernel)
        .stride(stride, stride)
        .nOut(CHANNELS)
        .hasBias(false)
        .convolutionMode(SAME)
        .build();
  }

  private static SubsamplingLayer pool(
      PoolingType type, int kernel, int stride, ConvolutionMode mode) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(kernel, kernel)
        .stride(stride, stride)
        .convolutionMode(mode)
        .build();
  }

  private static SubsamplingLayer countingPadding(int kernel, int stride, ConvolutionMode mode) {
    SubsamplingLayer layer = pool(PoolingType.AVG, kernel, stride, mode);
    layer.setAvgPoolIncludePadInDivisor(true);
    return layer;
  }

  private static BatchNormalization norm() {
    return new BatchNormalization.Builder().decay(.9).eps(1e-5).build();
  }

  private static LayerCase onMaps(String name, Layer layer, Route route, int channels, int side) {
    return new LayerCase(
        name + ", " + side + "x" + side,
        layer,
        route,
        InputType.convolutional(side, side, channels),
        new long[] {4, channels, side, side},
        new long[] {1, channels, side + 1, side + 2},
        'c');
  }

  private static LayerCase channelsLast(String name, Layer layer, int side) {
    return new LayerCase(
        name,
        layer,
        Route.HELPER,
        InputType.convolutional(side, side, CHANNELS, CNN2DFormat.NHWC),
        new long[] {4, side, side, CHANNELS},
        new long[] {1, side + 1, side + 2, CHANNELS},
        'c');
  }

  private static LayerCase ofVectors(String name, Layer layer) {
    return new LayerCase(
        name,
        layer,
        Route.HELPER,
        InputType.feedForward(CHANNELS),
        new long[] {8, CHANNELS},
        new long[] {3, CHANNELS},
        'c');
  }

  private LayerCase inOrderF() {
    return new LayerCase(name, layer, route, input, batch, single, 'f');
  }

  @Override
  public String toString() {
    return name;
  }
}
