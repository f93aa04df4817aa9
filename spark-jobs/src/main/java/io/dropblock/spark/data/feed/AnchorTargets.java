package io.dropblock.spark.data.feed;

import io.dropblock.detection.AnchorSettings;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a network for detection is taught by: its anchors, and which of its outputs is for which
 * class.
 *
 * @param anchors of every position
 * @param strides of the network's levels, the finest first: pixels of the square for one position;
 *     each 1 or more
 * @param outputs for each class of the data set, by label, the number of the network's output for
 *     it, 0 or more, each only once: 0, 1, 2, ... where the network has an output for each of these
 *     classes; the category's id less 1 for one with COCO's 90
 */
public record AnchorTargets(AnchorSettings anchors, List<Integer> strides, List<Integer> outputs)
    implements Serializable {
  /** Checks the ranges and copies the lists. */
  public AnchorTargets {
    Objects.requireNonNull(anchors, "anchors is null");
    strides = List.copyOf(strides);
    outputs = List.copyOf(outputs);
    if (strides.isEmpty() || strides.stream().anyMatch(stride -> stride < 1)) {
      throw new IllegalArgumentException("Invalid strides of anchors: " + strides);
    }
    if (outputs.stream().anyMatch(output -> output < 0)
        || new HashSet<>(outputs).size() < outputs.size()) {
      throw new IllegalArgumentException(
          "Invalid outputs of classes: " + outputs + " has a number below 0 or one twice");
    }
  }

  /** Checks that each class has an output. */
  void requireClasses(int classes) {
    if (outputs.size() != classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid outputs: %d for %d classes", outputs.size(), classes));
    }
  }
}
