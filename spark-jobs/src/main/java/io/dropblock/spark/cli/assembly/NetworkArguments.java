package io.dropblock.spark.cli.assembly;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Optimizer;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.spark.recipe.DropBlockRecipe;
import io.dropblock.spark.recipe.OptimizerRecipe;
import io.dropblock.spark.recipe.Recipe;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arguments that networks for any task take from a recipe.
 *
 * @param recipe the recipe
 */
record NetworkArguments(Recipe recipe) {
  private static final int CHANNELS = 3;

  Architecture architecture() {
    return switch (recipe.model().family()) {
      case RESNET -> new ResNet(recipe.model().depth(), recipe.model().width());
      case RESNET_CIFAR -> new CifarResNet(recipe.model().depth(), recipe.model().width());
    };
  }

  MapShape image() {
    return new MapShape(CHANNELS, recipe.data().size(), recipe.data().size());
  }

  Optimizer optimizer() {
    OptimizerRecipe.Momentum momentum = (OptimizerRecipe.Momentum) recipe.train().optimizer();
    return new Optimizer(momentum.momentum(), recipe.train().weightDecay().rate());
  }

  Regularization regularization() {
    DropBlockRecipe dropblock = recipe.dropblock();
    if (dropblock.groups().isEmpty()) {
      return Regularization.none();
    }
    Set<Regularization.Site> sites = EnumSet.noneOf(Regularization.Site.class);
    for (DropBlockRecipe.Site site : dropblock.sites()) {
      sites.add(
          switch (site) {
            case BRANCH -> Regularization.Site.BRANCH;
            case SKIP -> Regularization.Site.SKIP;
            case HEAD -> throw new IllegalStateException("a classifier's head drops nothing");
          });
    }
    return new Regularization(
        switch (dropblock.kind()) {
          case DROPBLOCK -> Regularization.Kind.DROPBLOCK;
          case DROPOUT -> Regularization.Kind.DROPOUT;
          case SPATIAL_DROPOUT -> Regularization.Kind.SPATIAL_DROPOUT;
          case DROP_PATH -> Regularization.Kind.DROP_PATH;
        },
        new TreeSet<>(dropblock.groups()),
        sites,
        dropblock.blockSize(),
        dropblock.groupDivisor());
  }
}
