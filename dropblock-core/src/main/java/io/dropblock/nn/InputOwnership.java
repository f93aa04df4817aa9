package io.dropblock.nn;

import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Which DropBlock layers may overwrite their input: those that alone read what a layer wrote into
 * an array of its own and does not read again for its gradient. Others may pass on the very array
 * that they got, as a layer that drops nothing does, and somebody else may need that. Batch
 * normalisation with locked gamma and beta hands out the {@code xHat} that it keeps.
 */
final class InputOwnership {
  private static final Set<Class<?>> OWN_OUTPUT =
      Set.of(
          ConvolutionLayer.class,
          LeanConvolutionLayer.class,
          BatchNormalization.class,
          BatchNormLayer.class,
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
    if (OWN_OUTPUT.contains(before.getClass()) && !locked) {
      layer.ownInput();
    }
  }
}
