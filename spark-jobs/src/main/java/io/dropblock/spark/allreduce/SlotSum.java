package io.dropblock.spark.allreduce;

import io.dropblock.nn.ArrayBytes;
import io.dropblock.nn.SharedStep;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.spark.ring.Ring;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step that ranks share out, rank 0 with its first slots: gradients are added up slot by slot,
 * whichever rank has which.
 *
 * @param clock told that back-propagation is over, how long summing takes, and how much of that is
 *     waiting
 * @param samples of the step on all ranks
 */
record SlotSum(Ring ring, PhaseClock clock, long samples) implements SharedStep {
  @Override
  public boolean begins() {
    return ring.rank() == 0;
  }

  @Override
  public void sum(List<INDArray> own) {
    clock.end(Phase.BACKWARD);
    long waited = ring.nanosWaited();
    ArrayBytes.forEachPart(
        own, own.get(0).dataType() == DataType.DOUBLE ? ring::sumDoubles : ring::sumFloats);
    clock.move(ring.nanosWaited() - waited, Phase.AVERAGE, Phase.WAIT);
    clock.end(Phase.AVERAGE);
  }
}
