package io.dropblock.optimizer;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How the parameters of a vertex that is no layer are trained: a part of its configuration and of
 * its JSON, set by {@link GroupedParameters#train}.
 */
public final class VertexTraining implements Serializable {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final IUpdater updater;
  @JsonProperty private final Map<ParameterGroup, Double> decays;
  @JsonProperty private final boolean decoupled;

  private VertexTraining(
      @JsonProperty("updater") IUpdater updater,
      @JsonProperty("decays") Map<ParameterGroup, Double> decays,
      @JsonProperty("decoupled") boolean decoupled) {
    this.updater = updater;
    this.decays = decays;
    this.decoupled = decoupled;
  }

  /** By an updater, with a decay. */
  public static VertexTraining of(IUpdater updater, WeightDecay decay) {
    Map<ParameterGroup, Double> decays = new EnumMap<>(ParameterGroup.class);
    decay.groups().forEach(group -> decays.put(group, decay.rate()));
    return new VertexTraining(updater, decays, decay.decoupled());
  }

  /**
   * The same for DL4J, from the running vertex.
   *
   * @param vertex its name
   * @param groups of its parameters
   */
  public TrainingConfig of(String vertex, Map<String, ParameterGroup> groups) {
    return new OfParameters(vertex, groups);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VertexTraining training
        && updater.equals(training.updater)
        && decays.equals(training.decays)
        && decoupled == training.decoupled;
  }

  @Override
  public int hashCode() {
    return Objects.hash(updater, decays, decoupled);
  }

  private final class OfParameters implements TrainingConfig, Serializable {
    private static final long serialVersionUID = 1L;

    private final String vertex;
    private final Map<String, ParameterGroup> groups;

    OfParameters(String vertex, Map<String, ParameterGroup> groups) {
      this.vertex = vertex;
      this.groups = groups;
    }

    private ParameterGroup group(String parameter) {
      ParameterGroup group = groups.get(parameter);
      if (group == null) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "Cannot train '%s': it has no parameter '%s'", vertex, parameter));
      }
      return group;
    }

    @Override
    public String getLayerName() {
      return vertex;
    }

    @Override
    public List<Regularization> getRegularizationByParam(String parameter) {
      return WeightDecay.regularization(decays.getOrDefault(group(parameter), 0.0), decoupled);
    }

    @Override
    public boolean isPretrainParam(String parameter) {
      return false;
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
      return group(parameter) == ParameterGroup.STATISTICS ? new NoOp() : updater;
    }

    @Override
    public GradientNormalization getGradientNormalization() {
      return GradientNormalization.None;
    }

    @Override
    public double getGradientNormalizationThreshold() {
      return 0;
    }

    /** The vertex has its own. */
    @Override
    public void setDataType(DataType type) {}
  }
}
