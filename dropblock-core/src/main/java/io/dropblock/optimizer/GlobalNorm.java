package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.optimizer.settings.OptimizerUpdater;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Clipping of a network's gradient by its length, by ND4J's ops: the definition of {@link Clipped}.
 *
 * @param threshold 0 for none
 */
record GlobalNorm(double threshold) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double EPSILON = 1e-6;

  /**
   * What a network's optimisers say.
   *
   * @throws IllegalArgumentException if they do not say the same, or DL4J is to clip, too
   */
  static GlobalNorm of(List<UpdaterBlock> blocks) {
    Set<Double> thresholds = new TreeSet<>();
    boolean isNormalized = false;
    for (UpdaterBlock block : blocks) {
      if (block.getGradientUpdater().getConfig() instanceof OptimizerSettings settings) {
        thresholds.add(settings.clipNorm());
        isNormalized |=
            block.getLayersAndVariablesInBlock().stream()
                .anyMatch(parameter -> FlatRanges.isNormalized(parameter.getLayer()));
      }
    }
    if (thresholds.size() != 1) {
      throw new IllegalArgumentException(
          "Cannot clip the gradient of a network: it has the thresholds " + thresholds);
    }
    double threshold = thresholds.iterator().next();
    if (threshold > 0 && isNormalized) {
      throw new IllegalArgumentException(
          "Cannot clip the gradient of a network to "
              + threshold
              + ": DL4J normalises it, too, by GradientNormalization");
    }
    return new GlobalNorm(threshold);
  }

  /** Whether anything is to be clipped. */
  boolean isOn() {
    return threshold > 0;
  }

  /** By what a gradient of this length is multiplied; NaN for NaN. */
  double factor(double length) {
    return Math.min(1, threshold / (length + EPSILON));
  }

  /**
   * Clips.
   *
   * @param flat the network's gradient, still a sum over a batch
   * @param batch by which what is a sum will be divided
   */
  void clip(INDArray flat, List<UpdaterBlock> blocks, double batch) {
    INDArray vector = flat.reshape(flat.length());
    List<INDArray> parts = new ArrayList<>();
    double sum = 0;
    for (UpdaterBlock block : blocks) {
      if (block.getGradientUpdater() instanceof OptimizerUpdater) {
        for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
          INDArray part =
              vector.get(
                  NDArrayIndex.interval(
                      parameter.getParamOffsetStart(), parameter.getParamOffsetEnd()));
          boolean isSum = parameter.getLayer().updaterDivideByMinibatch(parameter.getParamName());
          double norm =
              part.castTo(DataType.DOUBLE).norm2Number().doubleValue() / (isSum ? batch : 1);
          sum += norm * norm;
          parts.add(part);
        }
      }
    }
    double factor = factor(Math.sqrt(sum));
    parts.forEach(part -> part.muli(factor));
  }
}
