package io.dropblock.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.nd4j.linalg.learning.regularization.Regularization;

/** What the parameters of a vertex are for: ours say it, and of some of DL4J's it is known. */
public final class ParameterGroups {
  private static final Map<String, ParameterGroup> OF_SUMS =
      Map.of(
          DefaultParamInitializer.WEIGHT_KEY, ParameterGroup.KERNELS,
          DefaultParamInitializer.BIAS_KEY, ParameterGroup.BIASES);
  private static final Map<String, ParameterGroup> OF_SEPARABLE =
      Map.of(
          SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY, ParameterGroup.KERNELS,
          SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY, ParameterGroup.KERNELS,
          SeparableConvolutionParamInitializer.BIAS_KEY, ParameterGroup.BIASES);
  private static final Map<String, ParameterGroup> OF_NORMALIZATIONS =
      Map.of(
          BatchNormalizationParamInitializer.GAMMA, ParameterGroup.NORMALIZATION,
          BatchNormalizationParamInitializer.BETA, ParameterGroup.NORMALIZATION,
          BatchNormalizationParamInitializer.GLOBAL_MEAN, ParameterGroup.STATISTICS,
          BatchNormalizationParamInitializer.GLOBAL_VAR, ParameterGroup.STATISTICS,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD, ParameterGroup.STATISTICS);

  private ParameterGroups() {}

  /**
   * The group of each parameter, in the order in which they lie in memory; empty where there is
   * none.
   *
   * @param name of the vertex
   * @throws IllegalArgumentException if it is not known
   */
  public static Map<String, ParameterGroup> of(String name, GraphVertex vertex) {
    if (vertex instanceof LayerVertex holder) {
      return of(name, holder.getLayerConf().getLayer());
    }
    if (vertex instanceof GroupedParameters ours) {
      return ours.parameterGroups();
    }
    if (vertex.numParams(false) > 0) {
      throw unknown("the parameters", name, vertex);
    }
    return Map.of();
  }

  private static Map<String, ParameterGroup> of(String name, Layer layer) {
    if (layer instanceof GroupedParameters ours) {
      return ours.parameterGroups();
    }
    Map<String, ParameterGroup> known = known(layer);
    Map<String, ParameterGroup> groups = new LinkedHashMap<>();
    for (String parameter : layer.initializer().paramKeys(layer)) {
      if (!known.containsKey(parameter)) {
        throw unknown("parameter '" + parameter + "'", name, layer);
      }
      groups.put(parameter, known.get(parameter));
    }
    return groups;
  }

  private static Map<String, ParameterGroup> known(Layer layer) {
    if (layer instanceof BatchNormalization) {
      return OF_NORMALIZATIONS;
    }
    if (layer instanceof SeparableConvolution2D) {
      return OF_SEPARABLE;
    }
    boolean sums =
        layer instanceof ConvolutionLayer
            || layer instanceof DenseLayer
            || layer instanceof BaseOutputLayer;
    return sums ? OF_SUMS : Map.of();
  }

  private static IllegalArgumentException unknown(String what, String name, Object holder) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "Cannot train %s of '%s': kernel, bias or normalisation is not known for %s; let that be"
                + " GroupedParameters",
            what,
            name,
            holder.getClass().getSimpleName()));
  }

  /** Gives a vertex its updater and its decay. */
  static void train(String name, GraphVertex vertex, Optimizer optimizer) {
    Map<String, ParameterGroup> groups = of(name, vertex);
    Object configuration =
        vertex instanceof LayerVertex holder ? holder.getLayerConf().getLayer() : vertex;
    if (configuration instanceof GroupedParameters ours) {
      ours.train(optimizer.updater(), optimizer.decay());
    } else if (configuration instanceof BaseLayer layer) {
      layer.setIUpdater(optimizer.updater());
      layer.setBiasUpdater(null);
      layer.setRegularization(optimizer.decay().regularizationOf(ParameterGroup.KERNELS));
      layer.setRegularizationBias(optimizer.decay().regularizationOf(ParameterGroup.BIASES));
      groups.forEach((parameter, group) -> requireDecay(name, layer, parameter, group, optimizer));
    }
  }

  /** DL4J decays no normalisation, whatever it is told. */
  private static void requireDecay(
      String name, BaseLayer layer, String parameter, ParameterGroup group, Optimizer optimizer) {
    List<Regularization> found = layer.getRegularizationByParam(parameter);
    if (!optimizer.decay().regularizationOf(group).equals(found == null ? List.of() : found)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot decay parameter '%s' of '%s': DL4J's %s takes no decay for it; use BatchNorm, or"
                  + " leave normalisations out of the decay",
              parameter,
              name,
              layer.getClass().getSimpleName()));
    }
  }
}
