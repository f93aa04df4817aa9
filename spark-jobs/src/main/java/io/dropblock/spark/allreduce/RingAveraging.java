package io.dropblock.spark.allreduce;

import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingSettings;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * How ranks come together.
 *
 * @param world number of ranks, at least 1: tasks that run side by side, each with a replica of the
 *     network
 * @param every steps between two averagings, at least 1. With 1 it is gradients that are averaged,
 *     between back-propagation and updater: the step of the large batch, for any updater,
 *     regularisation and clipping. With more it is parameters and updater state
 * @param ports that ranks listen on when they meet
 * @param ring how the ring works
 */
public record RingAveraging(int world, int every, PortRange ports, RingSettings ring)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if a number is below 1
   */
  public RingAveraging {
    if (world < 1 || every < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot average %d ranks every %d steps: both must be at least 1",
              world,
              every));
    }
    Objects.requireNonNull(ports, "ports is null");
    Objects.requireNonNull(ring, "ring is null");
  }

  /** Gradients averaged in every step, on any free ports. */
  public static RingAveraging ofGradients(int world) {
    return every(world, 1);
  }

  /** Averaged every so many steps, on any free ports. */
  public static RingAveraging every(int world, int steps) {
    return new RingAveraging(world, steps, PortRange.any(), RingSettings.defaults());
  }

  /** Whether it is gradients that are averaged. */
  boolean ofGradients() {
    return every == 1;
  }

  /**
   * Whether gradients of a step that ranks share out are summed slot by slot, so that the number of
   * ranks does not matter.
   */
  boolean sumsSlots() {
    return ofGradients() && ring.wire() == WireFormat.EXACT && ring.sum() == SumOrder.SLOTS;
  }
}
