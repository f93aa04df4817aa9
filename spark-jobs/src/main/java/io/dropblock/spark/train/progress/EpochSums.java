package io.dropblock.spark.train.progress;

import java.util.LinkedHashMap;
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
   * @param sites the mean of what each site kept in it
   */
  public void add(StepReport report, boolean sent, Map<String, SiteSums> sites) {
    add(RankSums.of(report, sent, sites));
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

  /** The mean loss of all micro-batches; NaN without a step. */
  public double meanLoss() {
    return mean(RankSums::loss);
  }

  /** The mean share of kept elements of all micro-batches; NaN without a step. */
  public double meanKeptFraction() {
    return mean(RankSums::keptFraction);
  }

  /** What each site kept, mean of all micro-batches, in the order of the network. */
  public Map<String, SiteSums> meanOfSites() {
    long batches = batches();
    Map<String, SiteSums> mean =
        value().stream().map(RankSums::sites).reduce(new LinkedHashMap<>(), RankSums::added);
    mean.replaceAll((name, sum) -> new SiteSums(sum.expected() / batches, sum.kept() / batches));
    return mean;
  }

  private long batches() {
    return value().stream().mapToLong(RankSums::batches).sum();
  }

  private double mean(ToDoubleFunction<RankSums> sum) {
    return value().stream().mapToDouble(sum).sum() / batches();
  }
}
