package io.dropblock.spark.train;

import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The hyperbolic tangent, until it was told to fail: a rank of this JVM that dies in a step. */
public final class FailingActivation extends ActivationTanH {
  private static final long serialVersionUID = 1L;
  private static final AtomicInteger UNTIL = new AtomicInteger();
  private static volatile int times;

  /**
   * @param calls forward passes of all ranks together that succeed
   * @param failures how many fail then
   */
  static void failAfter(int calls, int failures) {
    UNTIL.set(calls);
    times = failures;
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    if (training && times > 0 && UNTIL.getAndDecrement() <= 0) {
      times--;
      throw new IllegalStateException("told to fail");
    }
    return super.getActivation(in, training);
  }
}
