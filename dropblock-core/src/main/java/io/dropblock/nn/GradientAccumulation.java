package io.dropblock.nn;

import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Gradient accumulation: a batch that is too large for the memory is trained as several
 * micro-batches, one after the other, with one update at their end. Needs the activations of one
 * micro-batch, and one more array of the size of the parameters; of a {@link SharedStep} that
 * begins elsewhere, one for each micro-batch but the last.
 *
 * <p>The update is that of the large batch but for rounding, whatever the updater, regularisation
 * and gradient clipping, and with the same masks of DropBlock and DropPath. What looks at a batch
 * as a whole sees a micro-batch: batch normalisation, whose running statistics move by the mean of
 * what the micro-batches would move them by, and DropBlock's scale with {@link
 * io.dropblock.op.Normalization#BATCH}.
 *
 * <p>DL4J counts one iteration. Listeners are called as for one batch, with the gradient and the
 * score of the whole step; only {@code onForwardPass} and {@code onBackwardPass} are called for
 * each micro-batch.
 *
 * <p>Belongs to one network, and is not safe for use by several threads at once, as the network is
 * not.
 */
public final class GradientAccumulation {
  private final ComputationGraph network;
  private final DropBlockSites sites;
  private final List<Range> statistics;

  // Of the step's micro-batches so far, their sum or one each; the arrays stay for the next step.
  private final List<INDArray> gradients = new ArrayList<>();
  private SharedStep step;
  private int kept;
  private double score;
  private long samples;

  /**
   * @param network an initialised graph
   * @throws IllegalArgumentException if a step of this network is not one update by one gradient
   *     that is the mean over its samples: truncated back-propagation through time, another
   *     algorithm than gradient descent, or {@code miniBatch(false)}
   */
  public GradientAccumulation(ComputationGraph network) {
    refuse(
        network.getConfiguration().getBackpropType() == BackpropType.TruncatedBPTT,
        "it is trained with truncated back-propagation through time");
    OptimizationAlgorithm algorithm = network.conf().getOptimizationAlgo();
    refuse(
        algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT,
        "it is trained with " + algorithm);
    refuse(!network.conf().isMiniBatch(), "its gradients are sums, miniBatch(false)");
    this.network = network;
    this.sites = DropBlockSites.of(network);
    this.statistics = statistics(network);
  }

  private static void refuse(boolean reason, String what) {
    if (reason) {
      throw new IllegalArgumentException("Cannot accumulate gradients of this network: " + what);
    }
  }

  /**
   * Trains one step. What was set by {@link DropBlockSites#set} holds for all of it, its first
   * sample being that of the first micro-batch; the others go on from there.
   *
   * <p>With one micro-batch it is {@code network.fit(batch)}, bit for bit.
   *
   * @param microBatches at least one, of any sizes, each asked for when the one before is done
   * @throws IllegalArgumentException if there is none
   */
  public void fit(Iterable<? extends MultiDataSet> microBatches) {
    Iterator<? extends MultiDataSet> rest = begun(microBatches);
    MultiDataSet batch = rest.next();
    if (rest.hasNext()) {
      fit(batch, rest, new WholeStep());
    } else {
      network.fit(batch);
    }
  }

  /**
   * Trains this network's part of a step, and makes the update of the whole: bit for bit that of
   * one network that is given all micro-batches, where the step's sum is taken in their order and
   * they are of one size. The score is that of its own part.
   *
   * @param microBatches at least one, each asked for when the one before is done
   * @throws IllegalArgumentException if there is none
   */
  public void fit(Iterable<? extends MultiDataSet> microBatches, SharedStep shared) {
    Iterator<? extends MultiDataSet> rest = begun(microBatches);
    fit(rest.next(), rest, shared);
  }

  private static <T> Iterator<T> begun(Iterable<T> microBatches) {
    Iterator<T> iterator = microBatches.iterator();
    if (!iterator.hasNext()) {
      throw new IllegalArgumentException("Cannot train a step: there is no micro-batch");
    }
    return iterator;
  }

  private void fit(MultiDataSet first, Iterator<? extends MultiDataSet> rest, SharedStep ofStep) {
    MultiDataSet batch = first;
    step = ofStep;
    kept = 0;
    score = 0;
    samples = 0;
    try {
      while (rest.hasNext()) {
        add(batch);
        batch = rest.next();
      }
      complete(batch);
    } finally {
      sites.restart();
    }
  }

  /** Back-propagates a micro-batch and keeps its gradient: DL4J's {@code fit} without an update. */
  private void add(MultiDataSet batch) {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    network.computeGradientAndScore();
    INDArray view = network.getGradientsViewArray();
    multiplyStatistics(view, network.batchSize());
    if (kept > 0 && step.begins()) {
      gradients.get(0).addi(view);
    } else {
      keep(view);
    }
    count();
    network.clearLayersStates();
  }

  private void keep(INDArray view) {
    if (kept == gradients.size()) {
      gradients.add(
          Nd4j.createUninitializedDetached(view.dataType(), view.ordering(), view.shape()));
    }
    gradients.get(kept).assign(view);
    kept++;
  }

  private void count() {
    score += network.score() * network.batchSize();
    samples += network.batchSize();
    sites.passed(network.batchSize());
  }

  /** Lets DL4J train the last micro-batch, and hands in the others' gradient before the update. */
  private void complete(MultiDataSet batch) {
    List<TrainingListener> listeners = new ArrayList<>(network.getListeners());
    List<TrainingListener> withOurs = new ArrayList<>(listeners);
    withOurs.add(0, new Completion());
    network.setListeners(withOurs);
    try {
      network.fit(batch);
    } finally {
      network.setListeners(listeners);
    }
  }

  private final class Completion extends BaseTrainingListener {

    /**
     * DL4J is about to divide the gradient by the size of the last micro-batch, the statistics
     * excepted.
     */
    @Override
    public void onGradientCalculation(Model model) {
      INDArray view = network.getGradientsViewArray();
      int last = network.batchSize();
      multiplyStatistics(view, last);
      List<INDArray> own = new ArrayList<>(gradients.subList(0, kept));
      if (kept > 0 && step.begins()) {
        view.addi(own.remove(0));
      }
      own.add(view);
      count();
      // Before other listeners ask what was kept.
      sites.restart();
      step.sum(own);
      view.muli((double) last / step.samples());
      multiplyStatistics(view, 1.0 / last);
      if (kept > 0) {
        network.setScore(score / samples);
      }
      PhaseClock.in(network).ifPresent(clock -> clock.end(Phase.BACKWARD));
    }
  }

  /** All micro-batches are this network's. */
  private final class WholeStep implements SharedStep {
    @Override
    public long samples() {
      return samples;
    }

    @Override
    public boolean begins() {
      return true;
    }

    @Override
    public void sum(List<INDArray> own) {}
  }

  /**
   * A part of the flat gradient.
   *
   * @param from its first element
   * @param to the one after its last
   */
  private record Range(long from, long to) {}

  /**
   * Where the flat gradient holds no sums over samples but finished updates: the running statistics
   * of batch normalisation.
   */
  private static List<Range> statistics(ComputationGraph network) {
    List<Range> ranges = new ArrayList<>();
    long from = 0;
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.numParams() > 0) {
        for (var parameter : vertex.paramTable(false).entrySet()) {
          long to = from + parameter.getValue().length();
          if (!vertex.updaterDivideByMinibatch(parameter.getKey())) {
            ranges.add(new Range(from, to));
          }
          from = to;
        }
      }
    }
    return ranges;
  }

  private void multiplyStatistics(INDArray view, double factor) {
    INDArray flat = view.reshape(view.length());
    for (Range range : statistics) {
      flat.get(NDArrayIndex.interval(range.from(), range.to())).muli(factor);
    }
  }
}
