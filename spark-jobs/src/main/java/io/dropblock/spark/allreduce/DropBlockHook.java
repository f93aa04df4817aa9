package io.dropblock.spark.allreduce;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.op.BlockGeometry;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Tells the DropBlock layers, DropPath and Dropout vertices of each rank's network what a step
 * needs: the keep probability, and which masks are the rank's. The driver sets the keep probability
 * before a {@code fit}, which sends it to the ranks.
 *
 * <pre>{@code
 * DropBlockHook drop = new DropBlockHook(seed);
 * master.addHook(drop);
 * drop.keep(0.95);
 * graph.fitMultiDataSet(batches);
 * }</pre>
 *
 * <p>The masks of a sample depend on the seed, the network's iteration and the sample's place in
 * the step on all ranks, so no two ranks draw the same ones, and a step that is trained again has
 * the same. A schedule of a layer's own knows no ranks: each would draw the masks of rank 0.
 *
 * <p>For a {@link RingTrainingMaster}; a network without such layers is left as it is.
 */
public final class DropBlockHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final long seed;

  /** NaN before it is told. */
  private double keepProbability = Double.NaN;

  private transient ComputationGraph network;
  private transient DropBlockSites sites;

  /**
   * @param seed of the masks
   */
  public DropBlockHook(long seed) {
    this.seed = seed;
  }

  /**
   * Sets the nominal keep probability of the fits from now on.
   *
   * @param probability 0 to 1; 1 switches DropBlock off
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public void keep(double probability) {
    BlockGeometry.requireProbability(probability);
    keepProbability = probability;
  }

  /**
   * Before forward pass.
   *
   * @throws IllegalStateException if nobody has set a keep probability
   */
  @Override
  public void preUpdate(MultiDataSet batch, Model model) {
    if (Double.isNaN(keepProbability)) {
      throw new IllegalStateException(
          "Cannot train with DropBlock: no keep probability is set; call keep(...) of the "
              + "DropBlockHook before fit");
    }
    if (network != model) {
      network = (ComputationGraph) model;
      sites = DropBlockSites.of(network);
    }
    int step = network.getConfiguration().getIterationCount();
    sites.set(new DropBlockStep(keepProbability, seed, step, firstSample(batch)));
  }

  /** Where each rank has a batch of its own, all are of one size. */
  private static long firstSample(MultiDataSet batch) {
    return batch instanceof AccumulatedBatch shared
        ? shared.firstSample()
        : TaskContext.getPartitionId() * batch.getFeatures(0).size(0);
  }

  /** Does nothing. */
  @Override
  public void postUpdate(MultiDataSet batch, Model model) {}

  /** Is not called: ranks train graphs. */
  @Override
  public void preUpdate(DataSet batch, Model model) {}

  /** Does nothing. */
  @Override
  public void postUpdate(DataSet batch, Model model) {}
}
