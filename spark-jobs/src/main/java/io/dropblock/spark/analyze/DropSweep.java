package io.dropblock.spark.analyze;

import io.dropblock.metric.Metric;
import io.dropblock.metric.Scores;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.evaluate.SplitImages;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Measures a network while its sites drop at inference, at several keep probabilities: a curve of
 * the paper's figure 5. One Spark job, which decodes each image once. Batch normalisation works by
 * its moving statistics.
 *
 * <p>The mask of an image depends on the seed, the site and the place of the image in the split, so
 * that a network whose sites scale over each sample is measured the same with any number of tasks
 * and in batches of any size. All keep probabilities have the same random numbers.
 *
 * <p>At a keep probability of 1 the network is the one that {@link
 * io.dropblock.spark.evaluate.Evaluation} measures, bit for bit.
 *
 * @param objective how it is measured
 * @param images that it is measured on
 * @param keepProbabilities nominal, of the last group, each above 0 and at most 1
 * @param seed of the masks
 */
public record DropSweep(
    Objective<?> objective, SplitImages images, List<Double> keepProbabilities, long seed)
    implements Serializable {

  /** Checks that there is something to measure. */
  public DropSweep {
    keepProbabilities = List.copyOf(keepProbabilities);
    if (keepProbabilities.isEmpty()
        || !keepProbabilities.stream().allMatch(keep -> keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("Invalid keep probabilities: " + keepProbabilities);
    }
  }

  /**
   * What was measured at a keep probability.
   *
   * @param keepProbability nominal, of the last group
   * @param scores of all images
   * @param images how many
   * @param kept what the sites kept
   */
  public record Point(double keepProbability, Scores scores, long images, KeptShares kept) {}

  /**
   * Measures a network.
   *
   * @param network with sites that drop; none of them needs to be active
   * @return a point for each keep probability, in their order
   */
  public List<Point> run(JavaSparkContext spark, NetworkState network) {
    return run(objective, spark, network);
  }

  private <M extends Metric<M>> List<Point> run(
      Objective<M> by, JavaSparkContext spark, NetworkState network) {
    Broadcast<NetworkState> broadcast = spark.broadcast(network);
    try {
      List<Part<M>> ofRanks =
          spark
              .parallelize(IntStream.range(0, images.world()).boxed().toList(), images.world())
              .mapPartitions(ranks -> measure(by, broadcast.value(), ranks))
              .collect();
      // In the order of the ranks, as in an evaluation: a sum of doubles depends on its order
      Part<M> whole = ofRanks.stream().reduce(Part::merge).orElseThrow();
      return IntStream.range(0, keepProbabilities.size())
          .mapToObj(
              i ->
                  new Point(
                      keepProbabilities.get(i),
                      whole.metrics().get(i).scores(),
                      whole.images(),
                      whole.kept().get(i)))
          .toList();
    } finally {
      broadcast.destroy();
    }
  }

  /** What was counted for some ranks, an element for each keep probability. */
  private record Part<M extends Metric<M>>(List<M> metrics, List<KeptShares> kept, long images)
      implements Serializable {

    Part<M> merge(Part<M> other) {
      List<M> merged = new ArrayList<>();
      List<KeptShares> shares = new ArrayList<>();
      for (int i = 0; i < metrics.size(); i++) {
        merged.add(metrics.get(i).merge(other.metrics.get(i)));
        shares.add(kept.get(i).merge(other.kept.get(i)));
      }
      return new Part<>(merged, shares, images + other.images);
    }
  }

  private <M extends Metric<M>> Iterator<Part<M>> measure(
      Objective<M> by, NetworkState state, Iterator<Integer> ranks) {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores cores = RankCores.ofThisTask();
    cores.take();
    ComputationGraph trained = state.restore();
    ComputationGraph undropped = FoldedNetwork.of(trained);
    DropBlockSites.of(trained).activeAtInference(true);
    ComputationGraph dropping = FoldedNetwork.of(trained);
    List<Part<M>> parts = new ArrayList<>();
    ranks.forEachRemaining(rank -> parts.add(measure(by, undropped, dropping, rank, cores)));
    return parts.iterator();
  }

  private <M extends Metric<M>> Part<M> measure(
      Objective<M> by,
      ComputationGraph undropped,
      ComputationGraph dropping,
      int rank,
      RankCores cores) {
    List<M> metrics = keepProbabilities.stream().map(keep -> by.metric()).toList();
    List<KeptShares> kept = keepProbabilities.stream().map(keep -> new KeptShares()).toList();
    DropBlockSites sites = DropBlockSites.of(dropping);
    long count =
        images.forEach(
            rank,
            cores,
            (batch, pixels, place) -> {
              for (int i = 0; i < metrics.size(); i++) {
                double keep = keepProbabilities.get(i);
                sites.set(new DropBlockStep(keep, seed, 0, place));
                ComputationGraph network = keep == 1 ? undropped : dropping;
                by.add(metrics.get(i), network.output(pixels), batch.targets());
                if (keep < 1) {
                  kept.get(i).add(sites, batch.size());
                }
              }
            });
    return new Part<>(metrics, kept, count);
  }
}
