package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;
import io.dropblock.schedule.Schedule;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a vertex that drops single features of vectors {@code [samples, features]} while
 * training: {@code x / keep} with probability {@code keep}, else 0 (Srivastava et al. 2014). Put it
 * before the last layer of a classifier. At inference and at keep probability 1 it is the identity.
 *
 * <p>Its keep probability is its own at every step. {@link DropBlockSites} tells it the rest, seed,
 * step and sample, so that masks are a pure function of these as everywhere; where nobody tells,
 * they follow the configuration's seed and DL4J's counter of iterations. {@link
 * DropBlockSites#keptFractions} leaves it out: nothing of it is scheduled.
 */
public final class Dropout extends ParameterlessConfiguration {
  private static final long serialVersionUID = 1L;

  private final double keepProbability;

  /**
   * @param keepProbability above 0, at most 1
   * @throws IllegalArgumentException if it is not
   */
  public Dropout(@JsonProperty("keepProbability") double keepProbability) {
    this.keepProbability = BlockGeometry.requireProbability(keepProbability);
    if (keepProbability == 0) {
      throw new IllegalArgumentException("Invalid keep probability: 0.0 leaves nothing");
    }
  }

  /** The probability to keep a feature. */
  @JsonProperty("keepProbability")
  public double keepProbability() {
    return keepProbability;
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
    var always = KeepSchedule.of(Schedule.parse("1.0"), 1, ScheduleType.ITERATION);
    var state = new SiteState("dropout", 1, always, seed);
    return new DropoutVertex(graph, name, index, keepProbability, state, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length != 1 || !(inputs[0] instanceof InputType.InputTypeFeedForward)) {
      throw new IllegalStateException(
          "Cannot drop features: one input of vectors is needed, not " + Arrays.toString(inputs));
    }
    return inputs[0];
  }

  @Override
  protected int inputs() {
    return 1;
  }

  @Override
  public Dropout clone() {
    return new Dropout(keepProbability);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dropout that && keepProbability == that.keepProbability;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(keepProbability);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Dropout(keepProbability=%s)", keepProbability);
  }
}
