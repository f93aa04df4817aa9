package io.dropblock.exchange;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The scale of a batch normalisation where another epsilon is added to its variance: {@code gamma
 * sqrt((variance + new) / (variance + old))}, with which it gives what it gave.
 *
 * @param before what was added to the variance
 * @param after what will be
 */
record NormScale(double before, double after) {

  /** What a network's normalisation adds to the variance. */
  static double epsilon(ComputationGraph network, String vertex) {
    return ((BatchNormalization) network.getLayer(vertex).conf().getLayer()).getEps();
  }

  /** The variances of a network's normalisation, in either of DL4J's forms. */
  static float[] variances(ComputationGraph network, String vertex) {
    Map<String, INDArray> parameters = network.getLayer(vertex).paramTable();
    INDArray logarithms = parameters.get("log10stdev");
    return logarithms == null
        ? Floats.of(parameters.get("var"))
        : StoredForm.VARIANCE.toStored(Floats.of(logarithms), logarithms.shape());
  }

  /** Whether scales stay as they are. */
  boolean isSame() {
    return before == after;
  }

  float[] of(float[] gamma, float[] variances) {
    float[] scaled = new float[gamma.length];
    for (int i = 0; i < gamma.length; i++) {
      double variance = variances[i];
      scaled[i] = (float) (gamma[i] * Math.sqrt((variance + after) / (variance + before)));
    }
    return scaled;
  }
}
