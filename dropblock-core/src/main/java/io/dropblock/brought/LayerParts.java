package io.dropblock.brought;

import io.dropblock.brought.Conversion.Made;
import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.ChannelsLast;
import io.dropblock.nn.Dropout;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.Rectifier;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** The vertices of a brought network that hold a layer, as parts. */
final class LayerParts {
  private static final CNN2DFormat LAST = CNN2DFormat.NHWC;

  private final Conversion conversion;
  private final BroughtNetwork network;
  private final boolean frozen;

  LayerParts(Conversion conversion, BroughtNetwork network, boolean frozen) {
    this.conversion = conversion;
    this.network = network;
    this.frozen = frozen;
  }

  void add(String name) {
    Layer layer = network.layer(name).clone();
    if (layer instanceof DropoutLayer || layer.getIDropout() != null) {
      addWithDropout(name, layer);
    } else if (isConvolution(layer)) {
      addConvolution(name, (ConvolutionLayer) layer);
    } else if (layer instanceof BatchNormalization norm) {
      addNorm(name, norm);
    } else if (layer instanceof SubsamplingLayer pool && runsLast(name, pool)) {
      pool.setCnn2dDataFormat(LAST);
      addLast(name, pool, "channels last");
    } else if (layer instanceof GlobalPoolingLayer pool && runsLast(name, pool)) {
      pool.setPoolingDimensions(new int[] {1, 2});
      conversion.add(Part.of(name, pool, null, conversion.in(input(name), LAST)));
      conversion.finish(name, new Made(name, null), "channels last");
    } else if (layer instanceof ActivationLayer activation && network.before(name) == null) {
      addActivation(name, activation);
    } else if (isOurs(layer)) {
      addLast(name, layer, Fate.TAKEN);
    } else {
      addAsItIs(name, layer);
    }
  }

  private String input(String name) {
    return network.inputs(name).get(0);
  }

  /** In the order of the file. */
  private void addAsItIs(String name, Layer layer) {
    String from = input(name);
    CNN2DFormat order = network.isMap(from) ? network.order(from) : null;
    conversion.add(Part.of(name, layer, network.before(name), conversion.in(from, order)));
    conversion.finish(name, made(name), Fate.TAKEN);
  }

  /** As it is in the file. */
  private Made made(String name) {
    return new Made(name, network.isMap(name) ? network.order(name) : null);
  }

  private void addLast(String name, Layer layer, String became) {
    conversion.add(Part.of(name, layer, null, conversion.in(input(name), LAST)));
    conversion.finish(name, new Made(name, LAST), became);
  }

  private static boolean isOurs(Layer layer) {
    return layer.getClass().getName().startsWith("io.dropblock.");
  }

  /** One whose activation function our layers do behind it. */
  private static boolean isConvolution(Layer layer) {
    return Set.of(ConvolutionLayer.class, Convolution2D.class, LeanConvolution.class)
            .contains(layer.getClass())
        && !(((ConvolutionLayer) layer).getActivationFn() instanceof ActivationSoftmax);
  }

  private void addConvolution(String name, ConvolutionLayer convolution) {
    String from = input(name);
    boolean first = from.equals(network.input());
    ConvolutionLayer.Builder builder = LayerCopy.builder(convolution);
    LeanConvolution lean = first ? LeanConvolution.first(builder) : LeanConvolution.of(builder);
    conversion.add(
        first
            ? Part.of(name, lean, new ChannelsLast(), Conversion.IMAGE)
            : Part.of(name, lean, null, conversion.in(from, LAST)));
    IActivation activation = convolution.getActivationFn();
    if (activation instanceof ActivationIdentity) {
      conversion.finish(name, new Made(name, LAST), "LeanConvolution");
    } else if (isRelu(activation)) {
      String relu = conversion.fresh(name + "-relu");
      conversion.add(Part.of(relu, new Rectifier(), List.of(name)));
      conversion.finish(name, new Made(relu, LAST), "LeanConvolution, Rectifier");
    } else {
      String behind = conversion.fresh(name + "-activation");
      conversion.add(Part.of(behind, new ActivationLayer.Builder(activation).build(), null, name));
      conversion.finish(name, new Made(behind, LAST), "LeanConvolution, ActivationLayer");
    }
  }

  /** With the ReLU behind it, where that alone reads it. */
  private void addNorm(String name, BatchNormalization norm) {
    boolean map = network.isMap(name);
    String relu = conversion.dropsBehind(name) ? null : lonelyRelu(name);
    BatchNorm ours = LayerCopy.norm(norm, relu != null, frozen);
    if (relu != null) {
      conversion.does(name, relu);
    }
    InputPreProcessor before = network.before(name);
    CNN2DFormat order = before == null ? LAST : network.order(input(name));
    conversion.add(
        Part.of(
            name,
            ours,
            before instanceof ChannelsLast ? null : before,
            conversion.in(input(name), before instanceof ChannelsLast ? LAST : order)));
    conversion.finish(
        name,
        new Made(name, map ? LAST : null),
        relu == null ? "BatchNorm" : "BatchNorm with ReLU");
  }

  /** The ReLU that alone reads a vertex; null if there is none. */
  String lonelyRelu(String name) {
    List<String> readers = network.readers(name);
    return readers.size() == 1
            && !name.equals(network.output())
            && network.layer(readers.get(0)) instanceof ActivationLayer activation
            && activation.getIDropout() == null
            && network.before(readers.get(0)) == null
            && isRelu(activation.getActivationFn())
        ? readers.get(0)
        : null;
  }

  static boolean isRelu(IActivation activation) {
    return activation instanceof ActivationReLU relu
        && relu.getMax() == null
        && (relu.getThreshold() == null || relu.getThreshold() == 0)
        && (relu.getNegativeSlope() == null || relu.getNegativeSlope() == 0);
  }

  /** DL4J's overwrites what it reads at inference, whoever else reads it. */
  private void addActivation(String name, ActivationLayer activation) {
    Made from = conversion.made(input(name));
    if (isRelu(activation.getActivationFn())) {
      conversion.add(Part.of(name, new Rectifier(), List.of(from.part())));
      conversion.finish(name, new Made(name, from.order()), "Rectifier");
      return;
    }
    if (activation.getActivationFn() instanceof ActivationSoftmax && network.isMap(name)) {
      addAsItIs(name, activation);
      return;
    }
    String read = from.part();
    if (network.readers(input(name)).size() > 1 || read.equals(Conversion.IMAGE)) {
      read = conversion.fresh(name + "-copy");
      conversion.add(Part.of(read, new ScaleVertex(1), List.of(from.part())));
    }
    conversion.add(Part.of(name, activation, null, read));
    conversion.finish(name, new Made(name, from.order()), Fate.TAKEN);
  }

  /** DL4J draws its masks from one sequence of random numbers; ours are the step's. */
  private void addWithDropout(String name, Layer layer) {
    String from = input(name);
    InputPreProcessor before = network.before(name);
    InputType type = before == null ? network.type(from) : before.getOutputType(network.type(from));
    if (!(type instanceof InputType.InputTypeFeedForward)) {
      throw new IllegalArgumentException(
          "layer '"
              + name
              + "' has dropout on feature maps, which this program takes in front of"
              + " vectors only; name the layer before it in dropblock.after, for kind dropout or"
              + " another");
    }
    CNN2DFormat order = network.isMap(from) ? network.order(from) : null;
    String read = conversion.in(from, order);
    if (before != null) {
      String flat = conversion.fresh(name + "-flat");
      conversion.add(Part.of(flat, new PreprocessorVertex(before), List.of(read)));
      read = flat;
    }
    var dropout = (org.deeplearning4j.nn.conf.dropout.Dropout) layer.getIDropout();
    Dropout ours = new Dropout(dropout == null ? 1 : dropout.getP());
    if (layer instanceof DropoutLayer) {
      conversion.add(Part.of(name, ours, List.of(read)));
      conversion.finish(name, new Made(name, null), "Dropout");
      return;
    }
    String dropped = conversion.fresh(name + "-dropout");
    conversion.add(Part.of(dropped, ours, List.of(read)));
    layer.setIDropout(null);
    conversion.add(Part.of(name, layer, null, dropped));
    conversion.finish(name, made(name), "Dropout, and taken as it is");
  }

  private boolean runsLast(String name, SubsamplingLayer pool) {
    int[] dilation = pool.getDilation();
    boolean dense = dilation == null || dilation[0] == 1 && dilation[1] == 1;
    boolean known = Set.of(PoolingType.AVG, PoolingType.MAX).contains(pool.getPoolingType());
    return dense && known && network.before(name) == null;
  }

  private boolean runsLast(String name, GlobalPoolingLayer pool) {
    int[] axes = pool.getPoolingDimensions();
    String from = input(name);
    if (!network.isMap(from) || network.before(name) != null) {
      return false;
    }
    int first = network.order(from) == LAST ? 1 : 2;
    boolean whole = axes == null || axes.length == 2 && axes[0] == first && axes[1] == first + 1;
    return whole
        && pool.isCollapseDimensions()
        && Set.of(PoolingType.AVG, PoolingType.MAX).contains(pool.getPoolingType());
  }
}
