package io.dropblock.optimizer.settings;

import io.dropblock.cpu.UpdateRule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@link io.dropblock.optimizer.Adam} and {@link io.dropblock.optimizer.AdamW} for DL4J: they
 * differ in their decay. What step it is, the network's iteration says, and no state.
 */
public final class AdamSettings extends OptimizerSettings {
  private static final long serialVersionUID = 1L;
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";

  @JsonProperty private final double beta1;
  @JsonProperty private final double beta2;
  @JsonProperty private final double epsilon;

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public AdamSettings(
      @JsonProperty("beta1") double beta1,
      @JsonProperty("beta2") double beta2,
      @JsonProperty("epsilon") double epsilon) {
    this.beta1 = InRange.share("beta1", beta1);
    this.beta2 = InRange.share("beta2", beta2);
    this.epsilon = InRange.epsilon(epsilon);
  }

  @Override
  public Map<String, Double> states() {
    Map<String, Double> states = new LinkedHashMap<>();
    states.put(FIRST, 0.0);
    states.put(SECOND, 0.0);
    return states;
  }

  @Override
  protected void step(INDArray gradient, Map<String, INDArray> states, double rate, int iteration) {
    double count = iteration + 1.0;
    INDArray first = states.get(FIRST);
    INDArray second = states.get(SECOND);
    first.muli(beta1).addi(gradient.mul(1 - beta1));
    second.muli(beta2).addi(gradient.mul(gradient).muli(1 - beta2));
    INDArray root = Transforms.sqrt(second, true).divi(Math.sqrt(1 - Math.pow(beta2, count)));
    gradient.assign(first).muli(rate / (1 - Math.pow(beta1, count))).divi(root.addi(epsilon));
  }

  @Override
  protected UpdateRule.Adam rule(double rate, int iteration) {
    return new UpdateRule.Adam(rate, beta1, beta2, epsilon, iteration + 1L);
  }

  @Override
  protected Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("beta1", beta1);
    values.put("beta2", beta2);
    values.put("epsilon", epsilon);
    return values;
  }

  @Override
  protected AdamSettings fresh() {
    return new AdamSettings(beta1, beta2, epsilon);
  }
}
