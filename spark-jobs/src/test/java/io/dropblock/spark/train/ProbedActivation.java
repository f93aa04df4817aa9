package io.dropblock.spark.train;

import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The hyperbolic tangent, where somebody looks in: for tasks of this JVM. */
public final class ProbedActivation extends ActivationTanH {
  private static final long serialVersionUID = 1L;
  private static final Probe NONE = (training, output) -> {};

  private static volatile Probe probe = NONE;

  /** Looks in. */
  interface Probe {
    /**
     * Behind each forward pass, on its task's thread.
     *
     * @param output may be changed
     */
    void look(boolean training, INDArray output);
  }

  static void probe(Probe by) {
    probe = by;
  }

  static void probeNever() {
    probe = NONE;
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    INDArray output = super.getActivation(in, training);
    probe.look(training, output);
    return output;
  }
}
