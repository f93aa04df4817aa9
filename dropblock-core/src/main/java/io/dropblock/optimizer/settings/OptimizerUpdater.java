package io.dropblock.optimizer.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * What DL4J trains some parameters with: the settings' {@linkplain OptimizerSettings#step
 * definition}, and the arrays that it keeps.
 */
public final class OptimizerUpdater implements GradientUpdater<OptimizerSettings> {
  private final OptimizerSettings settings;
  private final Map<String, INDArray> states = new LinkedHashMap<>();
  private boolean clippedBefore;

  OptimizerUpdater(OptimizerSettings settings) {
    this.settings = settings;
  }

  /** This updater's own. */
  @Override
  public OptimizerSettings getConfig() {
    return settings;
  }

  /**
   * @throws IllegalArgumentException if these are not the arrays that the optimiser keeps
   */
  @Override
  public void setState(Map<String, INDArray> arrays, boolean initialize) {
    Map<String, Double> expected = settings.states();
    if (!arrays.keySet().equals(expected.keySet())) {
      throw new IllegalArgumentException(
          "Cannot set the state of an optimizer: there are "
              + arrays.keySet()
              + " in place of "
              + expected.keySet());
    }
    expected.forEach(
        (name, beginning) -> {
          INDArray array = arrays.get(name);
          if (initialize) {
            array.assign(beginning);
          }
          states.put(name, array);
        });
  }

  /** The arrays themselves, each with an element a parameter. */
  @Override
  public Map<String, INDArray> getState() {
    return Collections.unmodifiableMap(states);
  }

  /**
   * @param view all arrays, one behind the other
   */
  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    INDArray flat = view.reshape(view.length());
    long each = view.length() / settings.states().size();
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (String name : settings.states().keySet()) {
      long from = arrays.size() * each;
      arrays.put(name, flat.get(NDArrayIndex.interval(from, from + each)));
    }
    setState(arrays, initialize);
  }

  /**
   * From now on somebody else sees to it that the gradient is clipped before it comes here: it
   * takes the whole network's to do so.
   */
  public void clippedBefore() {
    clippedBefore = true;
  }

  /**
   * One step.
   *
   * @param gradient with its coupled decay; then what is to be subtracted from the parameters
   * @param iteration the steps before this one
   * @throws IllegalStateException if it is to be clipped and nobody has said that it is
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    if (settings.clipNorm() > 0 && !clippedBefore) {
      throw new IllegalStateException(
          "Cannot clip the gradient of a network to "
              + settings.clipNorm()
              + ": DL4J's own updater sees a part of it at a time; attach OnePassUpdater");
    }
    Map<String, INDArray> shaped = new LinkedHashMap<>();
    states.forEach(
        (name, array) -> shaped.put(name, array.reshape(gradient.ordering(), gradient.shape())));
    settings.step(gradient, shaped, settings.getLearningRate(iteration, epoch), iteration);
  }
}
