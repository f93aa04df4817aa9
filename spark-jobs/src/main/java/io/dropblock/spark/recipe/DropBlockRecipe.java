package io.dropblock.spark.recipe;

import io.dropblock.schedule.Schedule;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import io.dropblock.spark.recipe.yaml.Spelling;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where and how strongly activations are dropped.
 *
 * @param kind what drops: DropBlock, or one of the paper's comparisons (table 1)
 * @param groups groups of residual blocks that drop, counted from 1; {@code []} for none. The
 *     paper's ResNet-50 uses {@code [3, 4]}. Of {@code amoebanet} group 1 is the first half of the
 *     cells and group 2 the last half; the paper's is {@code [2]} with {@code group_divisor: 1}
 * @param sites places that drop. {@code branch} and {@code skip} are in these groups: the paper
 *     uses both for DropBlock, {@code branch} for the rest, and paths can have {@code branch}
 *     alone. {@code head} needs no group
 * @param after names of the layers behind which it drops, for family {@code graph} only; {@code []}
 *     for none. {@code groups} and {@code sites} are {@code []} there, and {@code group_divisor} 1
 * @param blockSize side of a dropped square in pixels of the feature map, clipped to the map; for
 *     kind {@code dropblock}, ignored by others
 * @param keepProbability nominal probability to keep an activation in the last group and in the
 *     head
 * @param groupDivisor by which the drop probability shrinks from a group to the one before it: with
 *     4, the paper's, 0.1 in group 4 is 0.025 in group 3
 */
public record DropBlockRecipe(
    Kind kind,
    Set<Integer> groups,
    Set<Site> sites,
    Optional<Set<String>> after,
    int blockSize,
    Schedule keepProbability,
    double groupDivisor) {

  /** What drops. */
  public enum Kind {
    /** Squares of the feature map. */
    DROPBLOCK,
    /** Single elements. */
    DROPOUT,
    /** Whole channels. */
    SPATIAL_DROPOUT,
    /** A sample's whole residual branch, before the sum; in a cell what an operation gives. */
    DROP_PATH,
    /**
     * The same with a drop probability that grows with the number of the cell: cell i of n, from 1,
     * has i / n of it. ScheduledDropPath; for family amoebanet only.
     */
    DROP_PATH_BY_CELL;

    private boolean isOfPaths() {
      return this == DROP_PATH || this == DROP_PATH_BY_CELL;
    }
  }

  /** Places in a network. */
  public enum Site {
    /** After every convolution of the residual branch; in a cell, after every normalisation. */
    BRANCH,
    /**
     * On the skip connection; the branch reads the input before it is dropped. In a cell, on each
     * state that is added as it is.
     */
    SKIP,
    /** After every normalised convolution of the head; for tasks segmentation and detection. */
    HEAD
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public DropBlockRecipe {
    boolean noGroup = groups == null || groups.isEmpty() || after.isPresent();
    new Rules("dropblock")
        .must("kind", kind, "be given", k -> true)
        .must("groups", groups, "be 1 or above", g -> g.stream().allMatch(n -> n >= 1))
        .must("sites", sites, "name branch, skip or both", s -> noGroup || inBlocks(s))
        .must(
            "sites",
            sites,
            "be branch alone for kind " + (kind == null ? "" : Spelling.word(kind)),
            s ->
                kind == null
                    || !kind.isOfPaths()
                    || !s.contains(Site.HEAD) && (noGroup || !s.contains(Site.SKIP)))
        .must("block_size", blockSize, "be positive", n -> n > 0)
        .must(
            "keep_probability",
            keepProbability,
            "be above 0 and at most 1 from start to end",
            k -> k.lowest() > 0 && k.highest() <= 1)
        .must("group_divisor", groupDivisor, "be at least 1 and below 1e9", d -> d >= 1 && d < 1e9)
        .check();
    groups = Collections.unmodifiableSet(new TreeSet<>(groups));
    sites = Collections.unmodifiableSet(new TreeSet<>(sites));
    after = after.map(names -> Collections.unmodifiableSet(new TreeSet<>(names)));
  }

  private static boolean inBlocks(Set<Site> sites) {
    return sites.contains(Site.BRANCH) || sites.contains(Site.SKIP);
  }
}
