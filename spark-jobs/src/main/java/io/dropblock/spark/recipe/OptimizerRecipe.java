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
   * @param momentum share of the velocity that each step keeps
   * @param nesterov whether the step looks ahead (Nesterov), as in the paper's classification; its
   *     segmentation and detection have plain momentum
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
   * @param decay share of the mean square that each step keeps; 0.9 in the public AmoebaNet
   * @param momentum share of the last step that each step repeats; 0.9 in the public AmoebaNet
   * @param epsilon added to the mean square, inside of the root; 1 in the public AmoebaNet
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
   * @param beta1 share of the mean of gradients that each step keeps
   * @param beta2 share of the mean of their squares that each step keeps
   * @param epsilon added to the root
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
   * @param beta1 share of the mean of gradients that each step keeps
   * @param beta2 share of the mean of their squares that each step keeps
   * @param epsilon added to the root
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
