package io.dropblock.nn.pyramid;

import io.dropblock.nn.ParameterlessConfiguration;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A step down in a feature pyramid: the coarser level's maps, upsampled to the size of the finer
 * ones, plus those.
 *
 * <p>Two inputs in this order: coarse {@code [n, h, w, c]}, fine {@code [n, H, W, c]}. Output:
 * {@code [n, H, W, c]}.
 */
public final class UpsampleSum extends ParameterlessConfiguration {
  private static final long serialVersionUID = 1L;

  /** What a configuration was before it said how. */
  @JsonProperty private Upsampling by = Upsampling.BILINEAR;

  /** Bilinear. */
  public UpsampleSum() {}

  /** Upsamples in this way. */
  public UpsampleSum(Upsampling by) {
    this.by = Objects.requireNonNull(by, "by");
  }

  /** How it upsamples. */
  public Upsampling by() {
    return by;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    return new UpsampleSumVertex(by, graph, name, index, dataType);
  }

  /**
   * @throws IllegalStateException if the inputs are not two maps with the channels last and equally
   *     many of them, or the first cannot become as large as the second
   */
  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length != 2) {
      throw new IllegalStateException(
          "Cannot add upsampled maps: two inputs are needed, not " + Arrays.toString(inputs));
    }
    LevelShape coarse = LevelShape.of(inputs[0], "UpsampleSum");
    LevelShape fine = LevelShape.of(inputs[1], "UpsampleSum");
    coarse.requireUpsampling(by, fine);
    return inputs[1];
  }

  @Override
  public UpsampleSum clone() {
    return new UpsampleSum(by);
  }

  @Override
  protected int inputs() {
    return 2;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UpsampleSum that && by == that.by;
  }

  @Override
  public int hashCode() {
    return by.hashCode();
  }
}
