package io.dropblock.nn;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks as older versions of this program made and saved them, with {@code log10stdev}. */
public final class OlderNorms {
  private OlderNorms() {}

  /** The same network, whose normalisations keep the logarithm of the deviation. */
  public static ComputationGraph of(ComputationGraph network) {
    NetworkState state = NetworkState.of(network);
    NetworkState before = new NetworkState(json(state.configuration()), state.arrays());
    ComputationGraph older = before.restore();
    Map<String, INDArray> to = NamedParameters.of(older).values();
    NamedParameters.of(network)
        .inFormOf(to.keySet())
        .values()
        .forEach((name, values) -> to.get(name).assign(values));
    return older;
  }

  /** What they wrote into a checkpoint. */
  static String json(String now) {
    return now.replaceAll("\"(keepsVariance|updatesBefore)\" *: *\\w+ *,", "")
        .replaceAll("\"useLogStd\" *: *false", "\"useLogStd\" : true")
        .replace("\"var\"", "\"log10stdev\"");
  }
}
