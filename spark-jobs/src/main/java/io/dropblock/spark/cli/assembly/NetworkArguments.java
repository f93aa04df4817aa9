package io.dropblock.spark.cli.assembly;

import io.dropblock.brought.BroughtNetwork;
import io.dropblock.genotype.Genotype;
import io.dropblock.model.AmoebaNet;
import io.dropblock.model.Auxiliary;
import io.dropblock.model.BroughtTrunk;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.Level;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.PoolPadding;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.Trunk;
import io.dropblock.optimizer.Frozen;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.ParameterGroup;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.recipe.DropBlockRecipe;
import io.dropblock.spark.recipe.GenotypeRecipe;
import io.dropblock.spark.recipe.ModelRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.WeightDecayRecipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The arguments that networks for any task take from a recipe.
 *
 * @param recipe the recipe
 */
record NetworkArguments(Recipe recipe) {
  private static final int CHANNELS = 3;

  Trunk trunk() {
    ModelRecipe model = recipe.model();
    return switch (model.family()) {
      case RESNET ->
          new ResNet(
              model.depth().orElseThrow(),
              model.width().orElseThrow(),
              PoolPadding.valueOf(model.maxPoolPadding().name()));
      case RESNET_CIFAR ->
          new CifarResNet(model.depth().orElseThrow(), model.width().orElseThrow());
      case AMOEBANET ->
          new AmoebaNet(
              model.cells().orElseThrow(),
              model.width().orElseThrow(),
              model.stemFilters().orElseThrow(),
              model.genotype().map(GenotypeRecipe::genotype).orElse(Genotype.AMOEBANET_B),
              AmoebaNet.Stem.valueOf(model.stem().orElseThrow().name()));
      case GRAPH -> brought();
    };
  }

  /**
   * The network of the recipe's file; only for recipes that have one.
   *
   * @throws RecipeException if it cannot be used for the recipe
   */
  BroughtTrunk brought() {
    ModelRecipe model = recipe.model();
    String file = model.file().orElse("model.network");
    try {
      BroughtNetwork network = brought(recipe.data().size());
      // it is measured on images of that size
      recipe.data().evaluationSize().ifPresent(this::brought);
      return new BroughtTrunk(
          file.replaceAll(".*/", ""), network, recipe.dropblock().after().orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new RecipeException(
          "Cannot use network " + file + " of recipe " + recipe.name(), e.getMessage());
    }
  }

  private BroughtNetwork brought(int size) {
    return BroughtNetwork.of(recipe.model().network().orElseThrow(), size, recipe.data().classes());
  }

  /** Whether the network comes from a file. */
  boolean isBrought() {
    return recipe.model().network().isPresent();
  }

  /** Of the features before a classifier's last layer, in training. */
  double keepProbability() {
    return 1 - recipe.model().dropout().orElse(0.0);
  }

  /** A second classifier behind the second stack of cells. */
  Optional<Auxiliary> auxiliary() {
    List<Level> levels = trunk().levels();
    return recipe
        .model()
        .auxiliaryWeight()
        .filter(weight -> weight > 0)
        .map(weight -> new Auxiliary(levels.get(levels.size() - 2).number(), weight));
  }

  /** Pixels of the image for one of a level of the trunk. */
  int stride(int level) {
    return trunk().levels().stream()
        .filter(one -> one.number() == level)
        .map(Level::stride)
        .findFirst()
        .orElseThrow();
  }

  NormSettings norms() {
    return new NormSettings(
        recipe.model().normDecay(), recipe.model().normEpsilon(), recipe.model().normFrozen());
  }

  MapShape image() {
    return new MapShape(CHANNELS, recipe.data().size(), recipe.data().size());
  }

  /** What is done to pixels. */
  Normalization normalization() {
    return new Normalization(floats(recipe.data().mean()), floats(recipe.data().std()));
  }

  private static List<Float> floats(List<Double> values) {
    return values.stream().map(Double::floatValue).toList();
  }

  /** What trains the whole network, until {@link #train} is called. */
  Optimizer optimizer() {
    return optimizer(recipe.train().weightDecay().of());
  }

  /**
   * Sees to what is trained otherwise than the rest: the trunk, whose normalisations may do without
   * a decay that those behind it have, and its first convolution, which may be frozen.
   *
   * @param network that the {@link #optimizer} was applied to
   */
  void train(ComputationGraphConfiguration network) {
    Set<WeightDecayRecipe.Parameters> ofTrunk =
        recipe.train().weightDecay().of().stream()
            .filter(parameters -> parameters != WeightDecayRecipe.Parameters.HEAD_NORMALIZATION)
            .collect(Collectors.toSet());
    optimizer(ofTrunk).applyTo(network, trunk().verticesIn(network));
    if (recipe.train().freezeFirstConvolution()) {
      new Frozen().applyTo(network, List.of(trunk().firstConvolutionIn(network)));
    }
  }

  private Optimizer optimizer(Set<WeightDecayRecipe.Parameters> decayed) {
    Set<ParameterGroup> groups = EnumSet.noneOf(ParameterGroup.class);
    for (WeightDecayRecipe.Parameters parameters : decayed) {
      groups.add(
          switch (parameters) {
            case KERNELS -> ParameterGroup.KERNELS;
            case BIASES -> ParameterGroup.BIASES;
            case NORMALIZATION, HEAD_NORMALIZATION -> ParameterGroup.NORMALIZATION;
          });
    }
    return new OptimizerArguments(recipe.train())
        .with(new WeightDecay(recipe.train().weightDecay().rate(), groups));
  }

  Regularization regularization() {
    DropBlockRecipe dropblock = recipe.dropblock();
    Set<Regularization.Site> sites = sites(dropblock);
    if (sites.isEmpty()) {
      return Regularization.none();
    }
    // of a network that was brought all that is named is one group
    boolean named = dropblock.after().isPresent();
    return new Regularization(
        switch (dropblock.kind()) {
          case DROPBLOCK -> Regularization.Kind.DROPBLOCK;
          case DROPOUT -> Regularization.Kind.DROPOUT;
          case SPATIAL_DROPOUT -> Regularization.Kind.SPATIAL_DROPOUT;
          case DROP_PATH -> Regularization.Kind.DROP_PATH;
          case DROP_PATH_BY_CELL -> Regularization.Kind.DROP_PATH_BY_CELL;
        },
        new TreeSet<>(named ? Set.of(1) : dropblock.groups()),
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
    if (dropblock.after().isPresent()) {
      return dropblock.after().get().isEmpty() ? Set.of() : Set.of(Regularization.Site.BRANCH);
    }
    if (dropblock.groups().isEmpty()) {
      sites.retainAll(Set.of(Regularization.Site.HEAD));
    }
    return sites;
  }
}
