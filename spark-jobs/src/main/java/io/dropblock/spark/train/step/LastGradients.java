package io.dropblock.spark.train.step;

import io.dropblock.metric.Histogram;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.util.AccumulatorV2;

/**
 * Histograms of the gradients of an epoch's last step, which reach the driver with the task's
 * result. To be registered without a name, so that no UI shows it.
 */
final class LastGradients extends AccumulatorV2<Map<String, Histogram>, Map<String, Histogram>> {
  private static final long serialVersionUID = 1L;

  private Map<String, Histogram> histograms = Map.of();

  @Override
  public void add(Map<String, Histogram> last) {
    histograms = new LinkedHashMap<>(last);
  }

  @Override
  public boolean isZero() {
    return histograms.isEmpty();
  }

  @Override
  public LastGradients copy() {
    LastGradients copy = new LastGradients();
    copy.histograms = histograms;
    return copy;
  }

  @Override
  public void reset() {
    histograms = Map.of();
  }

  @Override
  public void merge(AccumulatorV2<Map<String, Histogram>, Map<String, Histogram>> other) {
    if (!other.isZero()) {
      histograms = other.value();
    }
  }

  @Override
  public Map<String, Histogram> value() {
    return histograms;
  }
}
