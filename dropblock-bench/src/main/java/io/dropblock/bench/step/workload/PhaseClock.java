package io.dropblock.bench.step.workload;

import java.util.EnumMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes a step apart. In training {@code ComputationGraph.fit} is one call; it tells its listeners
 * when all activations are there ({@code onForwardPass}), when all gradients and the loss are
 * ({@code onBackwardPass}), and last before the updater ({@code onGradientCalculation}, where a
 * listener may average the gradients). So this one must be the last of its network's listeners.
 *
 * <p>See {@link Phase} for what each part contains. On a CPU, ND4J's calls return when they are
 * done.
 */
final class PhaseClock extends BaseTrainingListener {
  private final EnumMap<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private long last;

  /** The first phase of a step begins. */
  void start() {
    last = System.nanoTime();
  }

  /** The phase that was going on is over, and the next begins. */
  void end(Phase phase) {
    long now = System.nanoTime();
    nanos.merge(phase, now - last, Long::sum);
    last = now;
  }

  @Override
  public void onForwardPass(Model model, Map<String, INDArray> activations) {
    end(Phase.FORWARD);
  }

  @Override
  public void onBackwardPass(Model model) {
    end(Phase.BACKWARD);
  }

  @Override
  public void onGradientCalculation(Model model) {
    end(Phase.AVERAGE);
  }

  /** The time since it was last taken, milliseconds a step. */
  Map<Phase, Double> take(int steps) {
    Map<Phase, Double> milliseconds = new EnumMap<>(Phase.class);
    nanos.forEach((phase, spent) -> milliseconds.put(phase, spent / 1e6 / steps));
    nanos.clear();
    return milliseconds;
  }
}
