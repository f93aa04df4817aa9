package io.dropblock.brought;

import io.dropblock.nn.BatchNorm;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/** What our layers keep of DL4J's. */
final class LayerCopy {
  private LayerCopy() {}

  /** A builder of the same convolution, without its activation function. */
  static ConvolutionLayer.Builder builder(ConvolutionLayer layer) {
    return new ConvolutionLayer.Builder(
            layer.getKernelSize(), layer.getStride(), layer.getPadding())
        .name(layer.getLayerName())
        .nIn(layer.getNIn())
        .nOut(layer.getNOut())
        .dilation(layer.getDilation())
        .convolutionMode(layer.getConvolutionMode())
        .hasBias(layer.hasBias())
        .weightInit(layer.getWeightInitFn())
        .biasInit(layer.getBiasInit())
        .gainInit(layer.getGainInit());
  }

  /** The same normalisation as one of ours. */
  static BatchNorm norm(BatchNormalization layer, boolean reluBehind, boolean frozen) {
    boolean relu = reluBehind || layer instanceof BatchNorm ours && ours.relu();
    BatchNorm norm =
        new BatchNorm(layer.getDecay(), layer.getEps(), layer.getGamma(), relu, frozen);
    norm.setLayerName(layer.getLayerName());
    norm.setNIn(layer.getNIn());
    norm.setNOut(layer.getNOut());
    norm.setBeta(layer.getBeta());
    norm.setMinibatch(layer.isMinibatch());
    norm.setLockGammaBeta(layer.isLockGammaBeta());
    norm.setUseLogStd(layer.isUseLogStd());
    copyInit(layer, norm);
    return norm;
  }

  private static void copyInit(BaseLayer from, BaseLayer to) {
    to.setActivationFn(from.getActivationFn());
    to.setWeightInitFn(from.getWeightInitFn());
    to.setBiasInit(from.getBiasInit());
    to.setGainInit(from.getGainInit());
  }
}
