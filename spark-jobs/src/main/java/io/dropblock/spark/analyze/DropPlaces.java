package io.dropblock.spark.analyze;

import io.dropblock.model.Regularization;
import io.dropblock.model.Regularization.Site;
import io.dropblock.op.Normalization;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a network drops at inference.
 *
 * @param groups of residual blocks or of cells, from 1; at least one
 * @param sites in them: branch, skip or both
 * @param groupDivisor by which the drop probability shrinks from a group to the one before it, at
 *     least 1; 4 in the paper
 */
public record DropPlaces(SortedSet<Integer> groups, Set<Site> sites, double groupDivisor) {

  /** Copies the sets; {@link Regularization} checks them. */
  public DropPlaces {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    sites = Collections.unmodifiableSet(EnumSet.copyOf(sites));
  }

  /**
   * DropBlock there. What is kept is scaled over each sample, so that an image is seen alike
   * whichever others are in its batch; in training it is over the batch.
   *
   * @param block side of a block, pixels of the map, at least 1; 1 is dropout
   */
  public Regularization blocks(int block) {
    return new Regularization(groups, sites, block, groupDivisor).scaledBy(Normalization.SAMPLE);
  }

  /** {@code groups 3, 4, sites branch, skip, divisor 4}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "groups %s, sites %s, divisor %s",
        groups.stream().map(String::valueOf).collect(Collectors.joining(", ")),
        sites.stream()
            .map(site -> site.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ")),
        groupDivisor == Math.rint(groupDivisor)
            ? String.valueOf((long) groupDivisor)
            : String.valueOf(groupDivisor));
  }
}
