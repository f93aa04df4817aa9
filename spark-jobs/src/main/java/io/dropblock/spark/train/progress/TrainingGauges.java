package io.dropblock.spark.train.progress;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What Spark's metrics tell of the run that goes on: numbers of its last slice of steps, and of its
 * last epoch. Before the first they are NaN.
 */
final class TrainingGauges implements Consumer<RunEvent> {
  /** As Prometheus' users know them: no unit is left out, shares are from 0 to 1. */
  static final List<String> NAMES =
      List.of(
          "epoch",
          "step",
          "loss",
          "images_per_second",
          "keep_probability",
          "kept_fraction",
          "learning_rate",
          "failures",
          "primary_score",
          "data_wait_share",
          "rank_wait_share");

  private final Map<String, Double> values = new ConcurrentHashMap<>();

  void register(MetricRegistry registry) {
    for (String name : NAMES) {
      Gauge<Double> gauge = () -> values.getOrDefault(name, Double.NaN);
      registry.register(name, gauge);
    }
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Started) {
      values.clear();
      values.put("failures", 0.);
    } else if (event instanceof RunEvent.Failed) {
      values.merge("failures", 1., Double::sum);
    } else if (event instanceof RunEvent.Steps steps) {
      values.put("step", steps.step() + 1.);
      values.put("loss", steps.loss());
      values.put("images_per_second", steps.imagesPerSecond());
      values.put("keep_probability", steps.keepProbability());
      values.put("kept_fraction", steps.keptFraction());
      values.put("learning_rate", steps.learningRate());
    } else if (event instanceof RunEvent.Epoch epoch) {
      values.put("epoch", epoch.epoch() + 1.);
      if (epoch.scores() != null) {
        values.put("primary_score", epoch.scores().primary().value());
      }
      values.put("data_wait_share", share(epoch, "data"));
      values.put("rank_wait_share", share(epoch, "wait"));
    }
  }

  /** Of the time of all ranks; NaN where they told of none. */
  private static double share(RunEvent.Epoch epoch, String part) {
    double all = 0;
    double ofPart = 0;
    for (RunEvent.RankTimes rank : epoch.ranks()) {
      all += rank.seconds().values().stream().mapToDouble(it -> it).sum();
      ofPart += rank.seconds().getOrDefault(part, 0.);
    }
    return ofPart / all;
  }
}
