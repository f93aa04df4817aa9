package io.dropblock.model;

import io.dropblock.nn.pyramid.LevelNet;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * One vertex of a network.
 *
 * @param name of the vertex
 * @param kind DL4J's name of the layer or vertex class: {@code ConvolutionLayer}, {@code
 *     ElementWiseVertex}
 * @param output shape for one example
 * @param trainableParameters parameters that an updater moves
 * @param movingStatistics moving means and variances, 0 but for batch normalisation
 * @param multiplyAdds for one image forward, 0 but for convolutions and dense layers; a bias, a
 *     normalisation and interpolation count as none
 * @param activations elements for one image that a training step keeps for the way back: the
 *     output, and what is kept inside a {@code LevelNet}. At most, as some layers overwrite their
 *     input
 */
public record LayerSummary(
    String name,
    String kind,
    MapShape output,
    long trainableParameters,
    long movingStatistics,
    long multiplyAdds,
    long activations) {

  /**
   * @throws IllegalArgumentException if the vertex has parameters that nobody here can count
   */
  static LayerSummary of(String name, GraphVertex vertex, MapShape output, InputType... inputs) {
    long parameters = vertex.numParams(true);
    if (vertex instanceof LevelNet net) {
      long moving = net.movingStatistics();
      return new LayerSummary(
          name,
          "LevelNet",
          output,
          parameters - moving,
          moving,
          net.multiplyAdds(inputs),
          elements(output) + net.activations(inputs));
    }
    if (parameters > 0) {
      throw new IllegalArgumentException("Unsupported vertex: cannot count " + vertex);
    }
    return new LayerSummary(
        name, vertex.getClass().getSimpleName(), output, 0, 0, 0, elements(output));
  }

  static LayerSummary of(String name, Layer layer, MapShape output) {
    long parameters = layer.initializer().numParams(layer);
    long moving = layer instanceof BatchNormalization norm ? 2 * norm.getNOut() : 0;
    return new LayerSummary(
        name,
        layer.getClass().getSimpleName(),
        output,
        parameters - moving,
        moving,
        multiplyAdds(layer, parameters, output),
        elements(output));
  }

  private static long elements(MapShape map) {
    return map.channels() * map.pixels();
  }

  /**
   * Each weight of a convolution, depthwise and separable ones too, is used once for each pixel of
   * the output.
   */
  private static long multiplyAdds(Layer layer, long parameters, MapShape output) {
    if (layer instanceof Deconvolution2D) {
      throw new IllegalArgumentException("Unsupported layer: cannot count " + layer);
    }
    if (layer instanceof ConvolutionLayer convolution) {
      long biases = convolution.hasBias() ? convolution.getNOut() : 0;
      return (parameters - biases) * output.pixels();
    }
    if (layer instanceof DenseLayer dense) {
      return dense.getNIn() * dense.getNOut();
    }
    if (layer instanceof BaseOutputLayer dense) {
      return dense.getNIn() * dense.getNOut();
    }
    return 0;
  }
}
