package io.dropblock.spark.allreduce;

import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.spark.ring.Ring;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The steps of a rank. Before each one the ranks tell each other how many samples they have, and
 * train it only where that is the same number on all, or where these are the whole of a step that
 * they share out: no rank waits for another one's gradient in vain, and a mean over ranks, each by
 * its share, is one over samples.
 *
 * <p>A {@link PhaseClock} among the network's listeners runs from one step to the next, for hooks
 * to read.
 */
final class RankSteps {
  private final ComputationGraph network;
  private final Ring ring;
  private final RingAveraging averaging;
  private final List<TrainingHook> hooks;
  private final PhaseClock clock = new PhaseClock();
  private final RingMean mean;
  private final GradientAccumulation accumulation;

  /** Of the last step, and of all of them; NaN and 0 without a step. */
  private double score = Double.NaN;

  private double scores;

  private long trained;
  private long unused;
  private boolean stopped;

  RankSteps(
      ComputationGraph network, Ring ring, RingAveraging averaging, List<TrainingHook> hooks) {
    this.network = network;
    this.ring = ring;
    this.averaging = averaging;
    this.hooks = hooks;
    this.mean = new RingMean(ring, clock, averaging.sumsSlots());
    this.accumulation = new GradientAccumulation(network);
  }

  /** Trains until a rank has no batch left; the ranks' networks are equal then. */
  void train(Iterator<MultiDataSet> batches) {
    List<TrainingListener> own = List.copyOf(network.getListeners());
    List<TrainingListener> all = new ArrayList<>(own);
    if (averaging.ofGradients()) {
      all.add(mean);
    }
    all.add(clock);
    network.setListeners(all);
    try {
      clock.start();
      boolean going = true;
      while (going) {
        MultiDataSet batch = batches.hasNext() ? batches.next() : null;
        clock.end(Phase.DATA);
        StepShare has = StepShare.of(ring, batch, isAskedToStop());
        clock.end(Phase.WAIT);
        stopped = has.stop() && has.isOnAllRanks();
        going = has.isOnAllRanks() && !stopped;
        if (going && has.isWhole()) {
          step(batch, has);
        } else if (batch != null && !stopped) {
          unused++;
        }
      }
      if (!averaging.ofGradients() && trained % averaging.every() != 0) {
        mean.ofState(network);
      }
    } finally {
      network.setListeners(own);
    }
  }

  /** Not between two averagings: those who go on from here would average at other steps. */
  private boolean isAskedToStop() {
    return trained % averaging.every() == 0
        && hooks.stream().anyMatch(hook -> hook instanceof StoppingHook it && it.isAskedToStop());
  }

  private void step(MultiDataSet batch, StepShare has) {
    hooks.forEach(hook -> hook.preUpdate(batch, network));
    mean.fit(
        accumulation,
        clock.reading(
            batch instanceof AccumulatedBatch step ? step.microBatches() : List.of(batch)),
        has);
    clock.end(Phase.UPDATE);
    trained++;
    score = has.ofMean() * network.score();
    scores += score;
    if (!averaging.ofGradients() && trained % averaging.every() == 0) {
      mean.ofState(network);
      clock.end(Phase.AVERAGE);
    }
    hooks.forEach(hook -> hook.postUpdate(batch, network));
    if (batch instanceof AccumulatedBatch step) {
      step.done();
    }
  }

  /** Whether a {@link StoppingHook} ended the steps, on whichever rank. */
  boolean stopped() {
    return stopped;
  }

  /**
   * The last step's score as this rank's part of the mean over ranks: times 1 where all have as
   * many samples. NaN without a step.
   */
  double score() {
    return score;
  }

  /** Sum of {@link #score} over all steps. */
  double scores() {
    return scores;
  }

  /** Steps that were trained. */
  long trained() {
    return trained;
  }

  /** Batches that this rank had and did not train; those behind the last step are not counted. */
  long unused() {
    return unused;
  }
}
