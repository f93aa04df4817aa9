package io.dropblock.model;

import io.dropblock.nn.DropBlock;
import io.dropblock.op.Normalization;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What drops activations in a network of residual groups with a head on them, where, and how
 * strongly in each group: DropBlock, or one of the paper's comparisons at the same sites (table 1).
 *
 * <p>The scheduled keep probability is that of the last group. A group {@code g} before it gets the
 * drop probability {@code (1 - keep) / groupDivisor^(last - g)}: the paper's "decrease gamma by a
 * factor of 4", {@code tensorflow/tpu: models/official/resnet/resnet_model.py}. Exactly, that
 * source divides the nominal drop probability, and gamma with it.
 *
 * @param kind what drops
 * @param groups the residual groups that drop, counted from 1; on ImageNet conv2_x = 1 ... conv5_x
 *     = 4; the paper's best are 3 and 4. Of {@link AmoebaNet} the two halves of the cells
 * @param sites the connections inside each block, none exactly when {@code groups} is empty, and
 *     {@code HEAD}; {@code BRANCH} alone for kinds that drop paths
 * @param blockSize side of DropBlock's square in pixels of the feature map, at least 1; clipped to
 *     the map. The other kinds do not read it
 * @param groupDivisor at least 1; 4 in the paper, 1 gives all groups the same drop probability
 * @param normalization what kept elements of a map are scaled by; of paths it is not read
 */
public record Regularization(
    Kind kind,
    SortedSet<Integer> groups,
    Set<Site> sites,
    int blockSize,
    double groupDivisor,
    Normalization normalization) {

  private static final double PAPER_GROUP_DIVISOR = 4;

  /** What drops. */
  public enum Kind {
    /** Squares of the feature map. */
    DROPBLOCK,
    /** Single elements. The paper has it on the branch only. */
    DROPOUT,
    /** Whole channels. The paper has it on the branch only. */
    SPATIAL_DROPOUT,
    /** A sample's whole branch, before the sum. */
    DROP_PATH,
    /**
     * The same in a network of cells, with a drop probability that grows from cell to cell: that of
     * cell {@code i} of {@code n}, counted from 0, is multiplied by {@code (i + 1) / n}.
     */
    DROP_PATH_BY_CELL;

    /** Whether it drops paths and no elements of a map. */
    public boolean isOfPaths() {
      return this == DROP_PATH || this == DROP_PATH_BY_CELL;
    }
  }

  /** The kind of connection that drops. */
  public enum Site {
    /**
     * After each convolution of the residual branch, once normalised and, but for the last,
     * rectified. In a cell, after each normalisation; of paths, behind each operation that is not
     * the identity.
     */
    BRANCH,
    /**
     * On the shortcut, after its projection if it has one. The branch reads the block's undropped
     * input. In a cell, on each state that is added as it is.
     */
    SKIP,
    /**
     * After each convolution of the head that is normalised and rectified. It belongs to no group
     * and carries the scheduled keep probability undivided.
     */
    HEAD
  }

  /** Checks the ranges and copies the sets. */
  public Regularization {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(normalization, "normalization");
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    sites = copyOf(sites);
    if (!groups.isEmpty() && groups.first() < 1) {
      throw new IllegalArgumentException(
          "Cannot regularize group " + groups.first() + ": groups count from 1");
    }
    boolean inBlocks = sites.contains(Site.BRANCH) || sites.contains(Site.SKIP);
    if (groups.isEmpty() == inBlocks) {
      throw new IllegalArgumentException(
          "Cannot regularize groups " + groups + ": sites are " + sites);
    }
    if (kind.isOfPaths() && !Set.of(Site.BRANCH).containsAll(sites)) {
      throw new IllegalArgumentException(
          "Cannot drop paths at sites " + sites + ": DropPath is on the branch only");
    }
    if (blockSize < 1) {
      throw new IllegalArgumentException("Invalid block size: " + blockSize);
    }
    if (!(groupDivisor >= 1)) {
      throw new IllegalArgumentException("Invalid group divisor: " + groupDivisor);
    }
  }

  /** Scaled over the local batch, as in the paper. */
  public Regularization(
      Kind kind, SortedSet<Integer> groups, Set<Site> sites, int blockSize, double groupDivisor) {
    this(kind, groups, sites, blockSize, groupDivisor, Normalization.BATCH);
  }

  /** DropBlock. */
  public Regularization(
      SortedSet<Integer> groups, Set<Site> sites, int blockSize, double groupDivisor) {
    this(Kind.DROPBLOCK, groups, sites, blockSize, groupDivisor);
  }

  /** Nothing is dropped anywhere. */
  public static Regularization none() {
    return new Regularization(new TreeSet<>(), Set.of(), 1, PAPER_GROUP_DIVISOR);
  }

  /** Branch and shortcut of the given groups, with the paper's divisor of 4. */
  public static Regularization dropBlock(int blockSize, Collection<Integer> groups) {
    return new Regularization(
        new TreeSet<>(groups), EnumSet.of(Site.BRANCH, Site.SKIP), blockSize, PAPER_GROUP_DIVISOR);
  }

  /** DropBlock on the head's convolutions and nowhere else. */
  public static Regularization dropBlockInHead(int blockSize) {
    return new Regularization(
        new TreeSet<>(), EnumSet.of(Site.HEAD), blockSize, PAPER_GROUP_DIVISOR);
  }

  /** Dropout on the branch of the given groups, with the paper's divisor of 4. */
  public static Regularization dropout(Collection<Integer> groups) {
    return onBranch(Kind.DROPOUT, groups);
  }

  /** SpatialDropout on the branch of the given groups, with the paper's divisor of 4. */
  public static Regularization spatialDropout(Collection<Integer> groups) {
    return onBranch(Kind.SPATIAL_DROPOUT, groups);
  }

  /** DropPath in the given groups, with the paper's divisor of 4; the paper's best is group 4. */
  public static Regularization dropPath(Collection<Integer> groups) {
    return onBranch(Kind.DROP_PATH, groups);
  }

  private static Regularization onBranch(Kind kind, Collection<Integer> groups) {
    return new Regularization(
        kind, new TreeSet<>(groups), EnumSet.of(Site.BRANCH), 1, PAPER_GROUP_DIVISOR);
  }

  /** The same at other sites; {@code BRANCH} alone is a row of the paper's figure 4. */
  public Regularization at(Set<Site> sites) {
    return new Regularization(kind, groups, sites, blockSize, groupDivisor, normalization);
  }

  /** The same, kept elements scaled over something else. */
  public Regularization scaledBy(Normalization over) {
    return new Regularization(kind, groups, sites, blockSize, groupDivisor, over);
  }

  boolean covers(int group, Site site) {
    return groups.contains(group) && sites.contains(site);
  }

  boolean coversHead() {
    return sites.contains(Site.HEAD);
  }

  /** The block of a site's layer; DropPath has none. */
  DropBlock.Builder block() {
    return unscaledBlock().normalization(normalization);
  }

  private DropBlock.Builder unscaledBlock() {
    return switch (kind) {
      case DROPBLOCK -> new DropBlock.Builder().blockSize(blockSize);
      case DROPOUT -> DropBlock.dropout();
      case SPATIAL_DROPOUT -> DropBlock.spatialDropout();
      case DROP_PATH, DROP_PATH_BY_CELL ->
          throw new IllegalStateException("Cannot make a layer of " + this);
    };
  }

  /**
   * Factor on the drop probability in {@code group} of a network with {@code lastGroup} groups, in
   * (0, 1].
   */
  double dropScale(int group, int lastGroup) {
    return Math.pow(groupDivisor, group - lastGroup);
  }

  /**
   * Factor on the drop probability of paths in a cell, in (0, 1].
   *
   * @param cell from 0
   * @param cells how many there are
   */
  double pathScale(int group, int lastGroup, int cell, int cells) {
    double byCell = kind == Kind.DROP_PATH_BY_CELL ? (cell + 1.0) / cells : 1;
    return dropScale(group, lastGroup) * byCell;
  }

  void requireGroupsUpTo(int lastGroup, String network) {
    if (!groups.isEmpty() && groups.last() > lastGroup) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot regularize group %d: %s has groups 1 to %d",
              groups.last(),
              network,
              lastGroup));
    }
  }

  private static Set<Site> copyOf(Set<Site> sites) {
    EnumSet<Site> copy = EnumSet.noneOf(Site.class);
    copy.addAll(sites);
    return Collections.unmodifiableSet(copy);
  }
}
