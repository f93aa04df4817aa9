package io.dropblock.spark.train.step;

import io.dropblock.metric.Histogram;
import java.util.Map;

/**
 * What the numbers of the {@link WatchedLayers} are at the end of an epoch.
 *
 * @param parameters by {@code <layer>/<parameter>}
 * @param gradients of the last step, likewise; none where the stock master averages
 */
public record LayerHistograms(Map<String, Histogram> parameters, Map<String, Histogram> gradients) {
  /** Of no layer. */
  public static final LayerHistograms NONE = new LayerHistograms(Map.of(), Map.of());
}
