package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Tagged;

/** How gradients become an update. */
@Tagged
public sealed interface OptimizerRecipe {

  /**
   * Gradient descent with momentum.
   *
   * @param momentum share of the velocity that each step keeps, at least 0 and below 1
   * @param nesterov whether the step looks ahead (Nesterov), as for the paper's classification; its
   *     detection and segmentation have plain momentum. Yes if left out
   */
  record Momentum(double momentum, @Default("true") boolean nesterov) implements OptimizerRecipe {

    /**
     * @throws RecipeException if the momentum is out of range
     */
    public Momentum {
      new OptimizerRules().share("momentum", momentum).check();
    }
  }

  /**
   * RMSProp with momentum, TensorFlow's.
   *
   * @param decay share of the mean square that each step keeps, at least 0 and below 1
   * @param momentum share of the last step that each step repeats, at least 0 and below 1
   * @param epsilon added to the mean square, inside of the root
   */
  record Rmsprop(double decay, double momentum, double epsilon) implements OptimizerRecipe {

    /**
     * @throws RecipeException with everything that is out of range
     */
    public Rmsprop {
      new OptimizerRules()
          .share("decay", decay)
          .share("momentum", momentum)
          .epsilon(epsilon)
          .check();
    }
  }

  /**
   * Adam; weight decay is a part of the gradient.
   *
   * @param beta1 share of the mean of gradients that each step keeps, at least 0 and below 1. 0.9
   *     if left out
   * @param beta2 share of the mean of their squares that each step keeps, at least 0 and below 1.
   *     0.999 if left out
   * @param epsilon added to the root. 1e-8 if left out
   */
  record Adam(
      @Default("0.9") double beta1, @Default("0.999") double beta2, @Default("1e-8") double epsilon)
      implements OptimizerRecipe {

    /**
     * @throws RecipeException with everything that is out of range
     */
    public Adam {
      new OptimizerRules().share("beta1", beta1).share("beta2", beta2).epsilon(epsilon).check();
    }
  }

  /**
   * Adam past which weight decay goes.
   *
   * @param beta1 share of the mean of gradients that each step keeps, at least 0 and below 1. 0.9
   *     if left out
   * @param beta2 share of the mean of their squares that each step keeps, at least 0 and below 1.
   *     0.999 if left out
   * @param epsilon added to the root. 1e-8 if left out
   */
  record Adamw(
      @Default("0.9") double beta1, @Default("0.999") double beta2, @Default("1e-8") double epsilon)
      implements OptimizerRecipe {

    /**
     * @throws RecipeException with everything that is out of range
     */
    public Adamw {
      new OptimizerRules().share("beta1", beta1).share("beta2", beta2).epsilon(epsilon).check();
    }
  }
}
