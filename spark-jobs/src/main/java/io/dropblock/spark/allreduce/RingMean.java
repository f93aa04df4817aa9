package io.dropblock.spark.allreduce;

import io.dropblock.nn.ArrayBytes;
import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.spark.ring.Ring;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The mean over the ranks, in place: of gradients each by its share of the step. Where slots are
 * summed, it leaves the gradients of a step that ranks share out to a {@link SlotSum}.
 */
final class RingMean extends BaseTrainingListener {
  private final Ring ring;
  private final PhaseClock clock;
  private final boolean sumsSlots;
  private boolean summed;
  private double weight = 1;

  /**
   * @param clock told how much of the averaging is waiting
   * @param sumsSlots whether a step that ranks share out is summed slot by slot
   */
  RingMean(Ring ring, PhaseClock clock, boolean sumsSlots) {
    this.ring = ring;
    this.clock = clock;
    this.sumsSlots = sumsSlots;
  }

  /**
   * Trains a step.
   *
   * @param accumulation of a network whose listener this is, where gradients are averaged
   * @param has what this rank has of the step, which is whole
   */
  void fit(GradientAccumulation accumulation, Iterable<MultiDataSet> microBatches, StepShare has) {
    weight = has.ofMean();
    summed = sumsSlots && has.isShared() && ring.world() > 1;
    if (summed) {
      accumulation.fit(microBatches, new SlotSum(ring, clock, has.ofStep()));
    } else {
      accumulation.fit(microBatches);
    }
  }

  /**
   * DL4J calls this between back-propagation and updater. The flat gradient is a sum over the
   * rank's samples, which the updater divides by their number; batch normalisation's moving
   * averages are in it, too, as what they move by. Micro-batches are of the same size on all ranks.
   */
  @Override
  public void onGradientCalculation(Model model) {
    if (summed) {
      return;
    }
    INDArray gradients = ((ComputationGraph) model).getGradientsViewArray();
    if (weight != 1) {
      gradients.muli(weight);
    }
    of(gradients);
  }

  /** All that a step changes. */
  void ofState(ComputationGraph network) {
    of(network.params());
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      of(updaterState);
    }
  }

  private void of(INDArray array) {
    long waited = ring.nanosWaited();
    ArrayBytes.forEachPart(
        array, array.dataType() == DataType.DOUBLE ? ring::averageDoubles : ring::averageFloats);
    clock.move(ring.nanosWaited() - waited, Phase.AVERAGE, Phase.WAIT);
  }
}
