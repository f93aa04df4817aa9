package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import io.dropblock.spark.recipe.yaml.Spelling;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The network.
 *
 * @param family its kind
 * @param file of a network's JSON, as DL4J's {@code ComputationGraphConfiguration.toJson} writes
 *     it: a path from the recipe's folder, from the working directory in a {@code --set}, or the
 *     address of a file such as {@code hdfs://...}; at most 2 MB. For {@code graph} only
 * @param network what the file held, which a run's own recipe has, so that nobody needs the file
 *     again; not written by hand. For {@code graph} only
 * @param depth number of layers with weights, as in the name of the network; for {@code resnet} and
 *     {@code resnet-cifar} only
 * @param width filters of the first convolution, doubled from group to group: in the papers 64 for
 *     {@code resnet}, 16 for {@code resnet-cifar}. For {@code amoebanet} those of the first stack's
 *     cells, doubled from stack to stack: 256 in the paper. Not for {@code graph}
 * @param cells normal cells in each of the three stacks, for {@code amoebanet} only: 6 in the paper
 * @param stemFilters filters of the first convolution, for {@code amoebanet} only; 32 if left out,
 *     as in the paper's code
 * @param stem what comes before the stacks, for {@code amoebanet} only; {@code imagenet} if left
 *     out
 * @param genotype what its cells are made of, for {@code amoebanet} only; AmoebaNet-B's, as
 *     released, if left out
 * @param auxiliaryWeight weight of the loss of a second classifier behind the second stack, in
 *     training only; 0 for none. It needs {@code data.size} of at least 67. For {@code amoebanet}
 *     only; 0.4 if left out, as in the paper's code
 * @param dropout share of the features that is dropped before the last layer in training, for
 *     {@code amoebanet} only; 0.5 if left out, as in the paper
 * @param normDecay what the moving statistics of batch normalisation keep of themselves at each
 *     step. The default is that of the paper's classification; its segmentation and detection have
 *     0.997. A {@code graph} has its own
 * @param normEpsilon what batch normalisation adds to the variance. The default is that of the
 *     paper's classification; its segmentation and detection have 1e-4. A {@code graph} has its own
 * @param normFrozen whether batch normalisation works by its moving statistics in training, too,
 *     and leaves them as they are; scale and shift are learned all the same. For a start from a
 *     trained network ({@code --init}) with few images on each rank: a new pyramid and head then
 *     have statistics of mean 0 and variance 1. Slower in training
 * @param maxPoolPadding how maps are padded before the first maxima, for {@code resnet}; elsewhere
 *     {@code same}. {@code symmetric} for weights of torchvision or timm ({@code --init})
 */
public record ModelRecipe(
    Family family,
    Optional<String> file,
    Optional<String> network,
    Optional<Integer> depth,
    Optional<Integer> width,
    Optional<Integer> cells,
    Optional<Integer> stemFilters,
    Optional<Stem> stem,
    Optional<GenotypeRecipe> genotype,
    Optional<Double> auxiliaryWeight,
    Optional<Double> dropout,
    @Default("0.9") double normDecay,
    @Default("1.0e-5") double normEpsilon,
    @Default("false") boolean normFrozen,
    @Default("same") MaxPoolPadding maxPoolPadding) {

  private static final int STEM_FILTERS = 32;
  private static final double AUXILIARY_WEIGHT = 0.4;
  private static final double DROPOUT = 0.5;
  private static final int LEAST_WIDTH_OF_CELLS = 4;

  /** Beyond any network that somebody trained, and before numbers overflow or memory ends. */
  private static final int MOST_FILTERS = 16_384;

  private static final int MOST_CELLS = 100;

  private static final double NORM_DECAY = 0.9;
  private static final double NORM_EPSILON = 1e-5;

  /** The deepest of He et al. 2015. */
  private static final int MOST_LAYERS = 1202;

  /** What comes before the stacks of cells, by the images that it is for. */
  public enum Stem {
    /**
     * A convolution with stride 2 and two reduction cells: an eighth of the image's height and
     * width.
     */
    IMAGENET,
    /**
     * A convolution alone, which keeps the image's size, 32 pixels; the source has three times the
     * width as stem_filters.
     */
    CIFAR
  }

  /** How maps are padded before maxima of 3x3 pixels with stride 2. */
  public enum MaxPoolPadding {
    /** At the bottom and right only where a side is even, as TensorFlow's SAME. */
    SAME,
    /** A pixel on every side, as torchvision and timm. */
    SYMMETRIC
  }

  /** Kinds of networks. */
  public enum Family {
    /** Bottleneck blocks in 4 groups, for 224-pixel images (He et al. 2015, table 1). */
    RESNET(4, 32, "be 50 or 101"),
    /** Plain blocks in 3 groups, for 32-pixel images (He et al. 2015, section 4.2). */
    RESNET_CIFAR(3, 4, "be 6n + 2 (8, 14, 20, 32, 56, ...)"),
    /**
     * Evolved cells, whose first and last half are the two groups, for 331-pixel images (Real et
     * al. 2019); for task classification only.
     */
    AMOEBANET(2, 32, "be left out"),
    /**
     * A network of your own, of any DL4J ComputationGraph that tells images apart; for task
     * classification only.
     */
    GRAPH(1, 1, "be left out");

    private final int groups;
    private final int stride;
    private final String depths;

    Family(int groups, int stride, String depths) {
      this.groups = groups;
      this.stride = stride;
      this.depths = depths;
    }

    /** Number of groups of residual blocks, or of cells; they count from 1. */
    public int groups() {
      return groups;
    }

    /** Whether it consists of cells and not of residual blocks. */
    boolean hasCells() {
      return this == AMOEBANET;
    }

    /** Whether its layers are named by a file and not by the other keys. */
    boolean isBrought() {
      return this == GRAPH;
    }

    /** Number of its last level: that of a group's end is one more than the group's. */
    int lastLevel() {
      return groups + 1;
    }

    /** Pixels of the image for one of its last level. */
    int stride() {
      return stride;
    }

    private boolean has(Optional<Integer> depth) {
      return switch (this) {
        case RESNET -> depth.filter(layers -> layers == 50 || layers == 101).isPresent();
        case RESNET_CIFAR -> depth.filter(layers -> layers >= 8 && layers % 6 == 2).isPresent();
        case AMOEBANET, GRAPH -> depth.isEmpty();
      };
    }
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public ModelRecipe {
    Rules rules =
        new Rules("model")
            .must("family", family, "be given", f -> true)
            .must(
                "width", width, "be at most " + MOST_FILTERS, given -> atMost(given, MOST_FILTERS))
            .must("norm_decay", normDecay, "be at least 0 and below 1", d -> d >= 0 && d < 1)
            .must("norm_epsilon", normEpsilon, "be above 0 and below 1", e -> e > 0 && e < 1)
            .must(
                "norm_epsilon",
                normEpsilon,
                "be above 0 as a float, too",
                e -> e <= 0 || e.floatValue() > 0);
    rules.must("max_pool_padding", maxPoolPadding, "be given", p -> true);
    if (family != null) {
      Family of = family;
      String forFamily = " for family " + Spelling.word(family);
      rules
          .must(
              "max_pool_padding",
              maxPoolPadding,
              "be same" + forFamily,
              padding -> of == Family.RESNET || padding != MaxPoolPadding.SYMMETRIC)
          .must("depth", depth, family.depths + forFamily, of::has)
          .must(
              "depth",
              depth,
              "be at most " + MOST_LAYERS + forFamily,
              given -> !of.has(given) || atMost(given, MOST_LAYERS));
      if (family.isBrought()) {
        boolean brought = network.isPresent();
        rules
            .must("file", file, "name a file" + forFamily, f -> brought)
            .must("width", width, "be left out" + forFamily, Optional::isEmpty)
            .must(
                "norm_decay",
                normDecay,
                "be " + NORM_DECAY + forFamily + ", whose file says it",
                d -> d == NORM_DECAY)
            .must(
                "norm_epsilon",
                normEpsilon,
                "be " + NORM_EPSILON + forFamily + ", whose file says it",
                e -> e == NORM_EPSILON);
      } else {
        rules
            .must("file", file, "be left out" + forFamily, Optional::isEmpty)
            .must("network", network, "be left out" + forFamily, Optional::isEmpty)
            .must("width", width, "be positive", is(n -> n > 0));
      }
      if (family.hasCells()) {
        stemFilters = stemFilters.or(() -> Optional.of(STEM_FILTERS));
        stem = stem.or(() -> Optional.of(Stem.IMAGENET));
        auxiliaryWeight = auxiliaryWeight.or(() -> Optional.of(AUXILIARY_WEIGHT));
        dropout = dropout.or(() -> Optional.of(DROPOUT));
        rules
            .must(
                "width",
                width,
                "be at least " + LEAST_WIDTH_OF_CELLS + forFamily,
                given -> given.filter(n -> n > 0 && n < LEAST_WIDTH_OF_CELLS).isEmpty())
            .must("cells", cells, "be positive" + forFamily, is(n -> n > 0))
            .must(
                "cells",
                cells,
                "be at most " + MOST_CELLS + forFamily,
                given -> atMost(given, MOST_CELLS))
            .must("stem_filters", stemFilters, "be positive", is(n -> n > 0))
            .must(
                "stem_filters",
                stemFilters,
                "be at most " + MOST_FILTERS,
                given -> atMost(given, MOST_FILTERS))
            .must(
                "auxiliary_weight",
                auxiliaryWeight,
                "be at least 0 and at most 100, 0 for none",
                is(w -> w >= 0 && w <= 100))
            .must("dropout", dropout, "be at least 0 and below 1", is(d -> d >= 0 && d < 1));
        genotype.ifPresent(
            given -> {
              rules.passes("genotype.normal", given.normal()::genotype);
              rules.passes("genotype.reduction", given.reduction()::genotype);
            });
      } else {
        rules
            .must("cells", cells, "be left out" + forFamily, Optional::isEmpty)
            .must("stem_filters", stemFilters, "be left out" + forFamily, Optional::isEmpty)
            .must("stem", stem, "be left out" + forFamily, Optional::isEmpty)
            .must("genotype", genotype, "be left out" + forFamily, Optional::isEmpty)
            .must("auxiliary_weight", auxiliaryWeight, "be left out" + forFamily, Optional::isEmpty)
            .must("dropout", dropout, "be left out" + forFamily, Optional::isEmpty);
      }
    }
    rules.check();
  }

  private static boolean atMost(Optional<Integer> given, int most) {
    return given.filter(n -> n > most).isEmpty();
  }

  private static <T> Predicate<Optional<T>> is(Predicate<T> rule) {
    return value -> value.filter(rule).isPresent();
  }

  /** Whether its trunk has the layers of another one's. */
  public boolean hasTrunkOf(ModelRecipe other) {
    return family == other.family
        && network.map(NetworkText::trunk).equals(other.network.map(NetworkText::trunk))
        && depth.equals(other.depth)
        && width.equals(other.width)
        && cells.equals(other.cells)
        && stemFilters.equals(other.stemFilters)
        && stem.equals(other.stem)
        && genotype.equals(other.genotype);
  }
}
