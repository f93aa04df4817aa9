package io.dropblock.brought;

import io.dropblock.nn.ChannelsLast;
import io.dropblock.nn.LeanConvolution;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** What a brought network must be, and must not ask for, whatever its shapes are. */
final class BroughtRules {
  private final ComputationGraphConfiguration network;

  BroughtRules(ComputationGraphConfiguration network) {
    this.network = network;
  }

  void requireOneInputAndOutput() {
    if (network.getNetworkInputs().size() != 1) {
      throw new IllegalArgumentException(
          "it has the inputs " + network.getNetworkInputs() + ": one is needed, for images");
    }
    if (network.getNetworkOutputs().size() != 1) {
      throw new IllegalArgumentException(
          "it has the outputs " + network.getNetworkOutputs() + ": one is needed, of classes");
    }
    if (network.getDataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "its data type is " + network.getDataType() + ": networks are trained in FLOAT");
    }
    if (network.getBackpropType() != BackpropType.Standard) {
      throw new IllegalArgumentException(
          "its back propagation is " + network.getBackpropType() + ": that is for sequences");
    }
    requirePlain("its default configuration", network.getDefaultConfiguration());
  }

  /** What changes the meaning of a step is the recipe's. */
  void requireTrainable(String name) {
    GraphVertex vertex = network.getVertices().get(name);
    String at = "layer '" + name + "'";
    if (!(vertex instanceof LayerVertex holder)) {
      return;
    }
    requirePlain(at, holder.getLayerConf());
    Layer layer = holder.getLayerConf().getLayer();
    refuse(
        layer.getConstraints() != null && !layer.getConstraints().isEmpty(),
        at + " has constraints, which are not kept here; leave them out");
    refuse(
        layer.getIDropout() != null && !isPlain(layer.getIDropout()),
        at
            + " has a "
            + kind(layer.getIDropout())
            + " that this program does not take; it takes Dropout with one probability");
    if (layer instanceof BaseLayer base) {
      refuse(
          base.getWeightNoise() != null,
          at + " has weight noise, which this program does not take; leave it out");
      refuse(
          base.getGradientNormalization() != null
              && base.getGradientNormalization() != GradientNormalization.None,
          at + " has gradientNormalization: the recipe's train.clip_norm is in its place");
    }
    refuse(
        layer instanceof OutputLayer && !network.getNetworkOutputs().contains(name),
        at + " is an OutputLayer within the network: let it be a DenseLayer");
    refuse(
        layer instanceof LossLayer && !network.getNetworkOutputs().contains(name),
        at + " is a LossLayer within the network: let it be an ActivationLayer");
    refuse(
        layer instanceof DenseLayer dense && dense.isHasLayerNorm(),
        at + " has layer normalisation, whose parameters no recipe decays");
    refuse(
        layer instanceof LeanConvolution lean && lean.relu(),
        at + " is of a folded network, which is for inference only");
  }

  private static void requirePlain(String at, NeuralNetConfiguration settings) {
    refuse(
        !settings.isMiniBatch(), at + " has miniBatch false: gradients are means of a batch here");
    refuse(!settings.isMinimize(), at + " has minimize false: the loss is minimised here");
    refuse(
        settings.getOptimizationAlgo() != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT,
        at
            + " has the algorithm "
            + settings.getOptimizationAlgo()
            + ": it is STOCHASTIC_GRADIENT_DESCENT here");
  }

  private static boolean isPlain(Object dropout) {
    return dropout instanceof Dropout plain
        && plain.getClass() == Dropout.class
        && plain.getPSchedule() == null
        && plain.getP() > 0
        && plain.getP() <= 1;
  }

  private static String kind(Object what) {
    return what == null ? "" : what.getClass().getSimpleName();
  }

  /**
   * Images come channels first, unless all layers of the network that know an order of their own
   * say that they are last.
   */
  CNN2DFormat orderOfImages() {
    Map<CNN2DFormat, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, GraphVertex> vertex : network.getVertices().entrySet()) {
      if (vertex.getValue() instanceof LayerVertex holder) {
        if (holder.getPreProcessor() instanceof ChannelsLast) {
          return CNN2DFormat.NCHW;
        }
        CNN2DFormat order = order(holder);
        if (order != null) {
          found.putIfAbsent(order, vertex.getKey());
        }
      }
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "its layers take maps in two orders, " + found + ": give setInputTypes one");
    }
    return found.containsKey(CNN2DFormat.NHWC) ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
  }

  private static CNN2DFormat order(LayerVertex holder) {
    Layer layer = holder.getLayerConf().getLayer();
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution.getCnn2dDataFormat();
    }
    if (layer instanceof SubsamplingLayer pool) {
      return pool.getCnn2dDataFormat();
    }
    return holder.getPreProcessor() instanceof CnnToFeedForwardPreProcessor flat
        ? flat.getFormat()
        : null;
  }

  /** The last layer. */
  void requireClasses(int classes, InputType outputs) {
    String name = network.getNetworkOutputs().get(0);
    String at = "its output '" + name + "'";
    Layer layer =
        network.getVertices().get(name) instanceof LayerVertex holder
            ? holder.getLayerConf().getLayer()
            : null;
    IActivation activation;
    ILossFunction loss;
    if (layer instanceof OutputLayer output) {
      activation = output.getActivationFn();
      loss = output.getLossFn();
    } else if (layer instanceof LossLayer output) {
      activation = output.getActivationFn();
      loss = output.getLossFn();
    } else {
      throw new IllegalArgumentException(at + " is no OutputLayer or LossLayer");
    }
    refuse(
        !(activation instanceof ActivationSoftmax),
        at + " has the activation " + activation + ": softmax is needed");
    refuse(
        !(loss instanceof LossMCXENT
            || loss instanceof LossNegativeLogLikelihood
            || loss instanceof LossSparseMCXENT
            || isOurs(loss)),
        at + " has the loss " + loss + ": cross entropy (MCXENT) is needed");
    refuse(
        loss instanceof LossMCXENT weighted && weighted.getWeights() != null
            || loss instanceof LossSparseMCXENT sparse && sparse.getWeights() != null,
        at + " weighs classes, which no recipe does; leave the weights out");
    refuse(
        !(outputs instanceof InputType.InputTypeFeedForward vector) || vector.getSize() != classes,
        at
            + " gives "
            + outputs
            + ": vectors of "
            + classes
            + " classes are needed (data.classes)");
  }

  /** Of ours the file may name the cross entropy alone. */
  private static boolean isOurs(ILossFunction loss) {
    return loss != null && loss.getClass().getName().startsWith("io.dropblock.loss.");
  }

  private static void refuse(boolean wrong, String reason) {
    if (wrong) {
      throw new IllegalArgumentException(reason);
    }
  }
}
