package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What draws parameters to 0: a penalty on their squares or, with AdamW, a share of themselves that
 * each step takes. A number {@code weight_decay: 1.0e-4} in place of the block is its rate.
 *
 * @param rate coefficient of the penalty {@code rate / 2 * sum(w^2)}; for {@code adamw} each step
 *     takes {@code learning rate * rate * w} in its place
 * @param of which parameters are decayed. The default is that of the paper's code for
 *     classification; its code for segmentation and detection goes by names: {@code [kernels,
 *     biases, head-normalization]}
 */
public record WeightDecayRecipe(double rate, @Default("[kernels, biases]") Set<Parameters> of) {

  /** Groups of parameters. */
  public enum Parameters {
    /** Of convolutions and dense layers. */
    KERNELS,
    /** Of convolutions and dense layers. */
    BIASES,
    /** Scale and shift of all batch normalisations. */
    NORMALIZATION,
    /** Of that only the normalisations behind the trunk, in pyramid and head. */
    HEAD_NORMALIZATION
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public WeightDecayRecipe {
    boolean on = rate > 0;
    new Rules("train.weight_decay")
        .must("rate", rate, "be at least 0 and below 1", r -> r >= 0 && r < 1)
        .must(
            "of",
            of,
            "name kernels, biases, normalization or head-normalization",
            o -> !on || !o.isEmpty())
        .must(
            "of",
            of,
            "name head-normalization only without normalization, which holds it",
            o ->
                !o.contains(Parameters.NORMALIZATION) || !o.contains(Parameters.HEAD_NORMALIZATION))
        .check();
    of = Collections.unmodifiableSet(new TreeSet<>(of));
  }
}
