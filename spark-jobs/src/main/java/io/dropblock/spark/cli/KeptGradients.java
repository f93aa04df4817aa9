package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.text.Count;
import java.util.Locale;
import java.util.Optional;

/**
 * What a rank but the first keeps of its slots' gradients until their sum comes by, slot by slot.
 */
final class KeptGradients {
  /** Below it is not worth a line. */
  private static final long MUCH = 1L << 30;

  private KeptGradients() {}

  /**
   * How many arrays of the size of the parameters a rank keeps besides the one that it computes.
   *
   * @param world number of ranks
   */
  static long arrays(TrainRecipe train, int world, SumOrder order) {
    if (train.slots() == 0 || train.averaging().bindsWorld() || order == SumOrder.RANKS) {
      boolean several = train.slots() == 0 ? train.accumulation() > 1 : train.slots() > world;
      return several ? 1 : 0;
    }
    int most = (train.slots() + world - 1) / world;
    // rank 0 adds its own up as they come
    return world == 1 ? Math.min(1, most - 1) : most - 1;
  }

  /**
   * A line for people where it is much.
   *
   * @param world number of ranks
   * @param parameters of the network
   */
  static Optional<String> note(TrainRecipe train, int world, long parameters, SumOrder order) {
    if (train.slots() == 0 || train.averaging().bindsWorld() || order == SumOrder.RANKS) {
      return Optional.empty();
    }
    int most = (train.slots() + world - 1) / world;
    long bytes = world == 1 ? 0 : (most - 1) * parameters * Float.BYTES;
    return bytes < MUCH
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "A rank keeps the gradients of %s until they are added up, %.1f GiB; more ranks"
                    + " share that, and %s=ranks needs none",
                Count.of(most - 1, "slot"),
                (double) bytes / MUCH,
                OwnSetting.RING_SUM.key()));
  }
}
