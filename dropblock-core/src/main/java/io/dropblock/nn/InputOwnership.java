package io.dropblock.nn;

import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Which DropBlock layers may overwrite their input. The layer before must compute its gradient from
 * its input alone; local response normalisation, for one, reads its output again, and so does a
 * batch normalisation with locked gamma 1 and beta 0, whose output is the {@code xHat} that it
 * keeps.
 */
final class InputOwnership {
  private static final Set<Class<?>> GRADIENT_FROM_INPUT =
      Set.of(
          ConvolutionLayer.class,
          BatchNormalization.class,
          org.deeplearning4j.nn.layers.ActivationLayer.class);

  private InputOwnership() {}

  static void grant(ComputationGraph network) {
    for (GraphVertex vertex : network.getVertices()) {
      if (vertex.hasLayer() && vertex.getLayer() instanceof DropBlockLayer layer) {
        var input = network.getVertices()[vertex.getInputVertices()[0].getVertexIndex()];
        boolean transformed =
            network.getConfiguration().getVertices().get(vertex.getVertexName())
                    instanceof org.deeplearning4j.nn.conf.graph.LayerVertex holder
                && holder.getPreProcessor() != null;
        if (input.hasLayer()
            && input.getNumOutputConnections() == 1
            && !input.isOutputVertex()
            && !transformed) {
          grant(layer, input.getLayer());
        }
      }
    }
  }

  static void grant(MultiLayerNetwork network) {
    for (int i = 1; i < network.getnLayers(); i++) {
      if (network.getLayer(i) instanceof DropBlockLayer layer
          && network.getLayerWiseConfigurations().getInputPreProcess(i) == null) {
        grant(layer, network.getLayer(i - 1));
      }
    }
  }

  private static void grant(DropBlockLayer layer, Layer before) {
    boolean locked =
        before instanceof BatchNormalization norm && norm.layerConf().isLockGammaBeta();
    if (GRADIENT_FROM_INPUT.contains(before.getClass()) && !locked) {
      layer.ownInput();
    }
  }
}
