package io.dropblock.spark.cli.assembly;

import io.dropblock.optimizer.Adam;
import io.dropblock.optimizer.AdamW;
import io.dropblock.optimizer.Clipped;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.RmsProp;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.recipe.OptimizerRecipe;
import io.dropblock.spark.recipe.TrainRecipe;

/**
 * The optimiser that a recipe names.
 *
 * @param recipe of the training
 */
record OptimizerArguments(TrainRecipe recipe) {

  Optimizer with(WeightDecay decay) {
    Optimizer optimizer = plain(decay);
    return recipe.clipNorm() > 0 ? new Clipped(optimizer, recipe.clipNorm()) : optimizer;
  }

  private Optimizer plain(WeightDecay decay) {
    OptimizerRecipe kind = recipe.optimizer();
    if (kind instanceof OptimizerRecipe.Momentum momentum) {
      return new Momentum(momentum.momentum(), momentum.nesterov(), decay);
    }
    if (kind instanceof OptimizerRecipe.Rmsprop rms) {
      return new RmsProp(rms.decay(), rms.momentum(), rms.epsilon(), decay);
    }
    if (kind instanceof OptimizerRecipe.Adam adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon(), decay);
    }
    OptimizerRecipe.Adamw adamw = (OptimizerRecipe.Adamw) kind;
    return new AdamW(adamw.beta1(), adamw.beta2(), adamw.epsilon(), decay);
  }
}
