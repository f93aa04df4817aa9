package io.dropblock.nn.phase;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes a step apart. In training {@code ComputationGraph.fit} is one call; it tells its listeners
 * when all activations are there ({@code onForwardPass}), when all gradients and the loss are
 * ({@code onBackwardPass}), and last before the updater ({@code onGradientCalculation}, where a
 * listener may average the gradients). So this one must be the last of its network's listeners.
 *
 * <p>See {@link Phase} for what each part contains. On a CPU, ND4J's calls return when they are
 * done. A clock is for one thread.
 */
public final class PhaseClock extends BaseTrainingListener {
  private final LongSupplier nanoTime;
  private long[] nanos = new long[Phase.values().length];
  private long last;

  /** A phase begins now. */
  public PhaseClock() {
    this(System::nanoTime);
  }

  PhaseClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** The clock among a network's listeners. */
  public static Optional<PhaseClock> in(ComputationGraph network) {
    return network.getListeners().stream()
        .filter(PhaseClock.class::isInstance)
        .map(PhaseClock.class::cast)
        .findFirst();
  }

  /** A phase begins; the time before belongs to none. */
  public void start() {
    last = nanoTime.getAsLong();
  }

  /** The phase that was going on is over, and the next begins. */
  public void end(Phase phase) {
    long now = nanoTime.getAsLong();
    nanos[phase.ordinal()] += now - last;
    last = now;
  }

  /** Some of the time that a phase took, or will have taken when it ends, belongs to another. */
  public void move(long ofNanos, Phase from, Phase to) {
    nanos[from.ordinal()] -= ofNanos;
    nanos[to.ordinal()] += ofNanos;
  }

  /**
   * The same micro-batches of a step; the time to get one, but the first, is {@link Phase#DATA},
   * and what was going on before {@link Phase#BACKWARD}.
   */
  public <T> Iterable<T> reading(Iterable<T> microBatches) {
    return () -> new Reading<>(microBatches.iterator());
  }

  private final class Reading<T> implements Iterator<T> {
    private final Iterator<T> microBatches;
    private boolean begun;

    Reading(Iterator<T> microBatches) {
      this.microBatches = microBatches;
    }

    @Override
    public boolean hasNext() {
      return microBatches.hasNext();
    }

    @Override
    public T next() {
      if (!begun) {
        begun = true;
        return microBatches.next();
      }
      end(Phase.BACKWARD);
      T next = microBatches.next();
      end(Phase.DATA);
      return next;
    }
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

  /** The time since it was last taken. */
  public PhaseTimes take() {
    PhaseTimes times = new PhaseTimes(nanos);
    nanos = new long[nanos.length];
    return times;
  }
}
