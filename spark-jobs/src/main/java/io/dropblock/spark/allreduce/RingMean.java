package io.dropblock.spark.allreduce;

import io.dropblock.nn.ArrayBytes;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.spark.ring.Ring;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean over the ranks, in place: of gradients each by its share of the step. */
final class RingMean extends BaseTrainingListener {
  private final Ring ring;
  private final PhaseClock clock;
  private double weight = 1;

  /**
   * @param clock told how much of the averaging is waiting
   */
  RingMean(Ring ring, PhaseClock clock) {
    this.ring = ring;
    this.clock = clock;
  }

  /**
   * What this rank's gradients count from now on.
   *
   * @param weight 1 on all ranks, or numbers whose mean over the ranks is 1
   */
  void setWeight(double weight) {
    this.weight = weight;
  }

  /**
   * DL4J calls this between back-propagation and updater. The flat gradient is a sum over the
   * rank's samples, which the updater divides by their number; batch normalisation's moving
   * averages are in it, too, as what they move by. Micro-batches are of the same size on all ranks.
   */
  @Override
  public void onGradientCalculation(Model model) {
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
