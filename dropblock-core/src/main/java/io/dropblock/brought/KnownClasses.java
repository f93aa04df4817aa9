package io.dropblock.brought;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The classes that a network's JSON may name. DL4J's mapper makes one of any class on the class
 * path that fits; so each name is looked up here before the mapper sees it.
 */
final class KnownClasses {
  private static final String LAYERS = "org.deeplearning4j.nn.conf.layers.";
  private static final String VERTICES = "org.deeplearning4j.nn.conf.graph.";

  static final Set<String> OF_LAYERS =
      all(
          LAYERS,
          "ActivationLayer BatchNormalization Convolution2D ConvolutionLayer DenseLayer"
              + " DepthwiseConvolution2D DropoutLayer GlobalPoolingLayer LocalResponseNormalization"
              + " LossLayer OutputLayer SeparableConvolution2D SpaceToDepthLayer SubsamplingLayer"
              + " Upsampling2D ZeroPaddingLayer convolutional.Cropping2D",
          "io.dropblock.nn.LeanConvolution",
          "io.dropblock.nn.BatchNorm",
          "io.dropblock.nn.separable.DepthwiseConvolution");

  static final Set<String> OF_VERTICES =
      all(
          VERTICES,
          "ElementWiseVertex L2NormalizeVertex LayerVertex MergeVertex PoolHelperVertex ScaleVertex"
              + " ShiftVertex SubsetVertex",
          "io.dropblock.nn.Dropout",
          "io.dropblock.nn.Rectifier",
          "io.dropblock.nn.ResidualSum",
          "io.dropblock.nn.cell.ChannelMerge");

  static final Set<String> OF_PREPROCESSORS =
      all(
          "org.deeplearning4j.nn.conf.preprocessor.",
          "CnnToFeedForwardPreProcessor",
          "io.dropblock.nn.ChannelsLast");

  /** Activations that are functions of a single element, without random numbers, and softmax. */
  private static final Set<String> OF_ACTIVATIONS =
      all(
          "org.nd4j.linalg.activations.impl.Activation",
          "Cube ELU GELU HardSigmoid HardTanH Identity LReLU Mish RationalTanh ReLU ReLU6"
              + " RectifiedTanh SELU Sigmoid SoftPlus SoftSign Softmax Swish TanH ThresholdedReLU");

  /** Plain values, some of which are refused later, by what they mean. */
  private static final Pattern OF_SETTINGS =
      Pattern.compile(
          "org\\.nd4j\\.linalg\\.(lossfunctions\\.impl|learning\\.config|learning\\.regularization"
              + "|schedule)\\.\\w+"
              + "|org\\.deeplearning4j\\.nn\\.weights\\.WeightInit\\w+"
              + "|org\\.deeplearning4j\\.nn\\.conf\\.(distribution|constraint|dropout|weightnoise"
              + "|stepfunctions)\\.\\w+"
              + "|io\\.dropblock\\.loss\\.SmoothedCrossEntropy"
              + "|io\\.dropblock\\.optimizer\\.\\w+Settings"
              + "|io\\.dropblock\\.optimizer\\.settings\\.\\w+");

  private KnownClasses() {}

  private static Set<String> all(String prefix, String names, String... others) {
    Set<String> all =
        Arrays.stream(names.split(" ")).map(prefix::concat).collect(Collectors.toSet());
    all.addAll(Set.of(others));
    return Set.copyOf(all);
  }

  /** Whether a value inside of a layer may be of this class. */
  static boolean isSetting(String name) {
    return OF_ACTIVATIONS.contains(name) || OF_SETTINGS.matcher(name).matches();
  }
}
