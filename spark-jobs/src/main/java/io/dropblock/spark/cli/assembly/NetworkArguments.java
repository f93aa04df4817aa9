package io.dropblock.spark.cli.assembly;

import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.Trunk;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.ParameterGroup;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.recipe.DropBlockRecipe;
import io.dropblock.spark.recipe.OptimizerRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.WeightDecayRecipe;
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

  Trunk trunk() {
    return switch (recipe.model().family()) {
      case RESNET -> new ResNet(recipe.model().depth(), recipe.model().width());
      case RESNET_CIFAR -> new CifarResNet(recipe.model().depth(), recipe.model().width());
    };
  }

  NormSettings norms() {
    return new NormSettings(recipe.model().normDecay(), recipe.model().normEpsilon());
  }

  MapShape image() {
    return new MapShape(CHANNELS, recipe.data().size(), recipe.data().size());
  }

  Optimizer optimizer() {
    OptimizerRecipe.Momentum momentum = (OptimizerRecipe.Momentum) recipe.train().optimizer();
    return new Momentum(momentum.momentum(), momentum.nesterov(), decay());
  }

  private WeightDecay decay() {
    WeightDecayRecipe decay = recipe.train().weightDecay();
    Set<ParameterGroup> groups = EnumSet.noneOf(ParameterGroup.class);
    for (WeightDecayRecipe.Parameters parameters : decay.of()) {
      groups.add(
          switch (parameters) {
            case KERNELS -> ParameterGroup.KERNELS;
            case BIASES -> ParameterGroup.BIASES;
            case NORMALIZATION -> ParameterGroup.NORMALIZATION;
          });
    }
    return new WeightDecay(decay.rate(), groups);
  }

  Regularization regularization() {
    DropBlockRecipe dropblock = recipe.dropblock();
    Set<Regularization.Site> sites = sites(dropblock);
    if (sites.isEmpty()) {
      return Regularization.none();
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

  /** Branch and skip belong to groups of blocks: without any, a recipe names them in vain. */
  private static Set<Regularization.Site> sites(DropBlockRecipe dropblock) {
    Set<Regularization.Site> sites = EnumSet.noneOf(Regularization.Site.class);
    for (DropBlockRecipe.Site site : dropblock.sites()) {
      sites.add(
          switch (site) {
            case BRANCH -> Regularization.Site.BRANCH;
            case SKIP -> Regularization.Site.SKIP;
            case HEAD -> Regularization.Site.HEAD;
          });
    }
    if (dropblock.groups().isEmpty()) {
      sites.retainAll(Set.of(Regularization.Site.HEAD));
    }
    return sites;
  }
}
