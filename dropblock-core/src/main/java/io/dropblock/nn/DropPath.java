package io.dropblock.nn;

import io.dropblock.schedule.Schedule;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a DropPath vertex, the paper's comparison in table 1: put it at the end of a
 * residual branch, before the sum. Output shape = input shape, any rank, samples first.
 *
 * <p>While training, each sample's branch is dropped as a whole with probability {@code 1 -
 * keepProbability}, and a branch that is kept is divided by the keep probability: {@code x / keep *
 * floor(keep + U)} with one {@code U} a sample, {@code tensorflow/tpu:
 * models/official/resnet/resnet_layers.py}, {@code drop_connect}. So the expected output is the
 * input; {@link DropBlock} scales by the counted ratio instead. At inference and at keep
 * probability 1 it is the identity.
 *
 * <p>Difference: the random number is a pure function of seed, name, step and the sample's index in
 * the global batch, as for {@link DropBlock}, whose {@link DropBlockSites} tells it the keep
 * probability, too.
 */
public final class DropPath extends ParameterlessConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private double dropScale = 1;
  @JsonProperty private boolean activeAtInference;
  @JsonProperty private KeepSchedule ownSchedule;

  /** A vertex that is told its keep probability from outside. */
  public DropPath() {}

  private DropPath(Builder builder) {
    dropScale = builder.dropScale;
    activeAtInference = builder.activeAtInference;
    ownSchedule = builder.ownSchedule;
  }

  /** What the drop probability {@code 1 - keepProbability} is multiplied by at this site. */
  public double dropScale() {
    return dropScale;
  }

  /** Whether branches are dropped at inference, too. */
  public boolean activeAtInference() {
    return activeAtInference;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    long seed = graph.getConfiguration().getDefaultConfiguration().getSeed();
    var state = new SiteState("DropPath", dropScale, ownSchedule, seed);
    state.activeAtInference(activeAtInference);
    return new DropPathVertex(graph, name, index, state, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length != 1) {
      throw new IllegalStateException(
          "Cannot apply DropPath: it has " + inputs.length + " inputs and takes 1");
    }
    return inputs[0];
  }

  @Override
  protected int inputs() {
    return 1;
  }

  @Override
  public DropPath clone() {
    DropPath copy = new DropPath();
    copy.dropScale = dropScale;
    copy.activeAtInference = activeAtInference;
    copy.ownSchedule = ownSchedule;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropPath that
        && dropScale == that.dropScale
        && activeAtInference == that.activeAtInference
        && Objects.equals(ownSchedule, that.ownSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dropScale, activeAtInference, ownSchedule);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "DropPath(dropScale=%s, activeAtInference=%s, keepProbability=%s)",
        dropScale,
        activeAtInference,
        ownSchedule == null ? "told" : ownSchedule);
  }

  /** Builds the configuration; see {@link DropBlock.Builder} for what the settings mean. */
  public static final class Builder {
    private double dropScale = 1;
    private boolean activeAtInference;
    private KeepSchedule ownSchedule;

    /** Sets what the drop probability is multiplied by at this site, 0 to 1; default 1. */
    public Builder dropScale(double scale) {
      dropScale = SiteState.requireScale(scale);
      return this;
    }

    /** Sets whether branches are dropped at inference, too; default false. */
    public Builder activeAtInference(boolean active) {
      activeAtInference = active;
      return this;
    }

    /**
     * Sets the vertex's own schedule, for a plain {@code fit}; see {@link
     * DropBlock.Builder#keepProbability(Schedule, long, ScheduleType)}.
     *
     * @throws IllegalArgumentException if the schedule leaves [0, 1] or {@code total} is below 1
     */
    public Builder keepProbability(Schedule schedule, long total, ScheduleType per) {
      ownSchedule = KeepSchedule.of(schedule, total, per);
      return this;
    }

    /** Builds the configuration. */
    public DropPath build() {
      return new DropPath(this);
    }
  }
}
