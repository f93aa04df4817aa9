package io.dropblock.spark.train.progress;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.apache.spark.util.AccumulatorV2;

/**
 * Sums of each rank, which reach the driver with the result of its task: exact, whatever becomes of
 * messages. To be registered without a name, so that neither the Spark UI nor the event log shows
 * it. It is sent with each heartbeat, too, and is as small after many steps as after one.
 */
public final class EpochSums extends AccumulatorV2<RankSums, List<RankSums>> {
  private static final long serialVersionUID = 1L;

  private final Map<Integer, RankSums> ranks = new ConcurrentHashMap<>();

  /**
   * Adds a step.
   *
   * @param sent whether its report was sent
   */
  public void add(StepReport report, boolean sent) {
    add(RankSums.of(report, sent));
  }

  @Override
  public void add(RankSums more) {
    ranks.merge(more.rank(), more, RankSums::plus);
  }

  @Override
  public boolean isZero() {
    return ranks.isEmpty();
  }

  @Override
  public EpochSums copy() {
    EpochSums copy = new EpochSums();
    copy.ranks.putAll(ranks);
    return copy;
  }

  @Override
  public void reset() {
    ranks.clear();
  }

  @Override
  public void merge(AccumulatorV2<RankSums, List<RankSums>> other) {
    other.value().forEach(this::add);
  }

  /** In the order of ranks. */
  @Override
  public List<RankSums> value() {
    return List.copyOf(new TreeMap<>(ranks).values());
  }

  /** The mean loss of all steps and ranks; NaN without a step. */
  public double meanLoss() {
    return mean(RankSums::loss);
  }

  /** The mean share of kept elements of all steps and ranks; NaN without a step. */
  public double meanKeptFraction() {
    return mean(RankSums::keptFraction);
  }

  private double mean(ToDoubleFunction<RankSums> sum) {
    List<RankSums> all = value();
    return all.stream().mapToDouble(sum).sum() / all.stream().mapToLong(RankSums::steps).sum();
  }
}
