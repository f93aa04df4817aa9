package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;

/**
 * The network.
 *
 * @param family its kind
 * @param depth number of layers with weights, as in the name of the network: 50 or 101 for resnet;
 *     6n + 2 for resnet-cifar
 * @param width filters of the first convolution, doubled from group to group: 64 for resnet, 16 for
 *     resnet-cifar
 * @param normDecay what the moving statistics of batch normalisation keep of themselves at each
 *     step, at least 0 and below 1; 0.997 in the paper's segmentation and detection. 0.9 if left
 *     out, as in its classification
 * @param normEpsilon what batch normalisation adds to the variance, above 0 and below 1; 1e-4 in
 *     the paper's segmentation and detection. 1e-5 if left out, as in its classification
 * @param normFrozen whether batch normalisation works by its moving statistics in training, too,
 *     and leaves them as they are: for networks from a trained one, with batches too small to
 *     measure. Scale and shift are learned all the same. No if left out
 */
public record ModelRecipe(
    Family family,
    int depth,
    int width,
    @Default("0.9") double normDecay,
    @Default("1.0e-5") double normEpsilon,
    @Default("false") boolean normFrozen) {

  /** Kinds of networks. */
  public enum Family {
    /** Bottleneck blocks in 4 groups, for 224-pixel images (He et al. 2015, table 1). */
    RESNET(4, 32, "be 50 or 101 for family resnet"),
    /** Plain blocks in 3 groups, for 32-pixel images (He et al. 2015, section 4.2). */
    RESNET_CIFAR(3, 4, "be 6n + 2 (8, 14, 20, 32, 56, ...) for family resnet-cifar");

    private final int groups;
    private final int stride;
    private final String depths;

    Family(int groups, int stride, String depths) {
      this.groups = groups;
      this.stride = stride;
      this.depths = depths;
    }

    /** Number of groups of residual blocks; they count from 1. */
    public int groups() {
      return groups;
    }

    /** Number of its last level: that of a group's end is one more than the group's. */
    int lastLevel() {
      return groups + 1;
    }

    /** Pixels of the image for one of its last level. */
    int stride() {
      return stride;
    }

    private boolean has(int depth) {
      return this == RESNET ? depth == 50 || depth == 101 : depth >= 8 && depth % 6 == 2;
    }
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public ModelRecipe {
    Rules rules =
        new Rules("model")
            .must("family", family, "be given", f -> true)
            .must("width", width, "be positive", n -> n > 0)
            .must("norm_decay", normDecay, "be at least 0 and below 1", d -> d >= 0 && d < 1)
            .must("norm_epsilon", normEpsilon, "be above 0 and below 1", e -> e > 0 && e < 1);
    if (family != null) {
      rules.must("depth", depth, family.depths, family::has);
    }
    rules.check();
  }
}
