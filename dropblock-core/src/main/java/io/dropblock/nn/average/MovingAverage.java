package io.dropblock.nn.average;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The moving average of a network's weights, {@code average = decay * average + (1 - decay) * w},
 * which often does better than the last weights. It begins as the weights.
 *
 * <pre>{@code
 * MovingAverage average = MovingAverage.of(network);
 * for (long updates = 1; ; updates++) {
 *   network.fit(batch);
 *   average.update(MovingAverage.decay(.9999, updates));
 * }
 * }</pre>
 *
 * <p>It is of all that the flat parameters hold, as in {@code tensorflow/tpu:
 * models/official/amoeba_net/amoeba_net_model.py}: what is trained, and batch normalisation's
 * moving statistics. The variance is kept as it is, so that its average is the arithmetic mean, as
 * there; of a network of an older version of this program, which has {@code log10stdev}, it is the
 * geometric one.
 *
 * <p>It hangs on the network as one of its listeners, the one thing of its own that DL4J lets a
 * graph keep, and hears nothing: who trains calls {@link #update}. Whoever sets a network's
 * listeners and wants the average to stay must set it, too. A clone of the network has none.
 *
 * <p>Not safe for use by several threads at once, as the network is not.
 */
public final class MovingAverage extends BaseTrainingListener {
  private final ComputationGraph network;
  private final INDArray values;

  private MovingAverage(ComputationGraph network) {
    this.network = network;
    INDArray weights = network.params();
    this.values =
        Nd4j.createUninitializedDetached(weights.dataType(), weights.ordering(), weights.shape());
    values.assign(weights);
  }

  /** Begins an average of a network's weights, in place of one that it has. */
  public static MovingAverage of(ComputationGraph network) {
    List<TrainingListener> listeners = new ArrayList<>(network.getListeners());
    listeners.removeIf(MovingAverage.class::isInstance);
    MovingAverage average = new MovingAverage(network);
    listeners.add(average);
    network.setListeners(listeners);
    return average;
  }

  /** A network's average; a clone of a network has the listeners of the other one. */
  public static Optional<MovingAverage> in(ComputationGraph network) {
    return network.getListeners().stream()
        .filter(MovingAverage.class::isInstance)
        .map(MovingAverage.class::cast)
        .filter(average -> average.network == network)
        .findFirst();
  }

  /**
   * The decay of an update, {@code min(decay, (1 + updates) / (10 + updates))}, so that the average
   * forgets the first weights sooner: {@code ExponentialMovingAverage} with {@code num_updates} in
   * {@code tensorflow/tensorflow: tensorflow/python/training/moving_averages.py}.
   *
   * @param decay the highest, at least 0 and below 1
   * @param updates how many there are with this one, at least 1
   * @throws IllegalArgumentException if one of them is out of range
   */
  public static double decay(double decay, long updates) {
    requireDecay(decay);
    if (updates < 1) {
      throw new IllegalArgumentException("Cannot tell the decay of update " + updates);
    }
    return Math.min(decay, (1.0 + updates) / (10.0 + updates));
  }

  private static void requireDecay(double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot average weights with decay %s: it is not in [0, 1)", decay));
    }
  }

  /**
   * Takes the weights in as they are now. It is calculated as {@code w + decay * (average - w)}, in
   * place: what does not move stays as it is, bit for bit.
   *
   * @param decay what the average keeps of itself, at least 0 and below 1
   * @throws IllegalArgumentException if it is out of range
   */
  public void update(double decay) {
    requireDecay(decay);
    INDArray weights = network.params();
    values.subi(weights);
    Nd4j.exec(new Axpy(values, weights, values, decay));
  }

  /** The average itself, shaped as the network's flat parameters. */
  public INDArray values() {
    return values;
  }
}
