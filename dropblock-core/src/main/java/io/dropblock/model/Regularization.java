package io.dropblock.model;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where DropBlock sits in a network of residual groups, and how strong it is in each.
 *
 * <p>The scheduled keep probability is that of the last group. A group {@code g} before it gets the
 * drop probability {@code (1 - keep) / groupDivisor^(last - g)}: the paper's "decrease gamma by a
 * factor of 4", {@code tensorflow/tpu: models/official/resnet/resnet_model.py}. Exactly, that
 * source divides the nominal drop probability, and gamma with it.
 *
 * @param groups the residual groups that get DropBlock, counted from 1; on ImageNet conv2_x = 1 ...
 *     conv5_x = 4; the paper's best are 3 and 4
 * @param sites the connections inside each block; empty exactly when {@code groups} is
 * @param blockSize side of the dropped square in pixels of the feature map, at least 1; clipped to
 *     the map. 1 is dropout
 * @param groupDivisor at least 1; 4 in the paper, 1 gives all groups the same drop probability
 */
public record Regularization(
    SortedSet<Integer> groups, Set<Site> sites, int blockSize, double groupDivisor) {

  private static final double PAPER_GROUP_DIVISOR = 4;

  /** The kind of connection that a DropBlock follows. */
  public enum Site {
    /**
     * After each convolution of the residual branch, once normalised and, but for the last,
     * rectified.
     */
    BRANCH,
    /**
     * On the shortcut, after its projection if it has one. The branch reads the block's undropped
     * input.
     */
    SKIP
  }

  /** Checks the ranges and copies the sets. */
  public Regularization {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    sites = copyOf(sites);
    if (!groups.isEmpty() && groups.first() < 1) {
      throw new IllegalArgumentException(
          "Cannot regularize group " + groups.first() + ": groups count from 1");
    }
    if (groups.isEmpty() != sites.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot regularize groups " + groups + ": sites are " + sites);
    }
    if (blockSize < 1) {
      throw new IllegalArgumentException("Invalid block size: " + blockSize);
    }
    if (!(groupDivisor >= 1)) {
      throw new IllegalArgumentException("Invalid group divisor: " + groupDivisor);
    }
  }

  /** No DropBlock anywhere. */
  public static Regularization none() {
    return new Regularization(new TreeSet<>(), Set.of(), 1, PAPER_GROUP_DIVISOR);
  }

  /** Branch and shortcut of the given groups, with the paper's divisor of 4. */
  public static Regularization dropBlock(int blockSize, Collection<Integer> groups) {
    return new Regularization(
        new TreeSet<>(groups), EnumSet.allOf(Site.class), blockSize, PAPER_GROUP_DIVISOR);
  }

  /** The same on other connections; {@code BRANCH} alone is a row of the paper's figure 4. */
  public Regularization at(Set<Site> sites) {
    return new Regularization(groups, sites, blockSize, groupDivisor);
  }

  boolean covers(int group, Site site) {
    return groups.contains(group) && sites.contains(site);
  }

  /**
   * Factor on the drop probability in {@code group} of a network with {@code lastGroup} groups, in
   * (0, 1].
   */
  double dropScale(int group, int lastGroup) {
    return Math.pow(groupDivisor, group - lastGroup);
  }

  void requireGroupsUpTo(int lastGroup, String network) {
    if (!groups.isEmpty() && groups.last() > lastGroup) {
      throw new IllegalArgumentException(
          "Cannot regularize group %d: %s has groups 1 to %d"
              .formatted(groups.last(), network, lastGroup));
    }
  }

  private static Set<Site> copyOf(Set<Site> sites) {
    EnumSet<Site> copy = EnumSet.noneOf(Site.class);
    copy.addAll(sites);
    return Collections.unmodifiableSet(copy);
  }
}
