package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;

/**
 * The task slots that a run keeps from its ranks, so that an evaluation runs beside the steps of
 * the next epoch.
 *
 * @param count 0 where the evaluation has the ranks' own slots, when their steps are done
 */
public record EvaluationSlots(int count) {
  private static final OwnSetting SETTING = OwnSetting.EVALUATION_SLOTS;

  /**
   * As the settings say.
   *
   * @throws ClusterException if they cannot be read
   */
  public static EvaluationSlots of(SparkConf conf) {
    String text = conf.get(SETTING.key(), SETTING.otherwise());
    if (!text.matches("0|[1-9]\\d{0,8}")) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "Cannot use setting %s: '%s', it must be a number of task slots, or 0 to evaluate"
                  + " between two epochs",
              SETTING.key(),
              text));
    }
    return new EvaluationSlots(Integer.parseInt(text));
  }

  /**
   * Looks whether ranks and evaluation find their slots, as far as the settings tell.
   *
   * @param world ranks, or 0 for as many as there is room for
   * @throws ClusterException if they do not
   */
  public void requirePromised(SparkConf conf, int world) {
    OptionalInt promised = PromisedSlots.of(conf);
    if (count > 0 && promised.isPresent() && promised.getAsInt() < count + Math.max(1, world)) {
      throw tooFew(
          world,
          "there will be "
              + Count.of(promised.getAsInt(), "task slot")
              + " with "
              + PromisedSlots.words(conf));
    }
  }

  /**
   * Waits for the slots of all.
   *
   * @param slots those that the run may use
   * @param world ranks, or 0 for as many as there are slots besides
   * @param most how many ranks can be used
   * @return {@code world}, or all slots but those that are kept
   * @throws ClusterException if there are too few
   */
  public int await(TaskSlots slots, int world, int most) {
    if (count == 0) {
      return slots.await(world, most);
    }
    if (world > 0) {
      slots.await(world + count, found -> tooFew(world, offers(found)));
      return world;
    }
    int all = (int) Math.min(Integer.MAX_VALUE, (long) most + count);
    int found = slots.await(0, all);
    if (found <= count) {
      throw tooFew(world, offers(found));
    }
    return found - count;
  }

  /** What ranks have of some task slots. */
  public OptionalInt leftOf(OptionalInt slots) {
    return slots.isEmpty() ? slots : OptionalInt.of(Math.max(0, slots.getAsInt() - count));
  }

  private static String offers(int found) {
    return "the cluster offers " + Count.of(found, "task slot");
  }

  private ClusterException tooFew(int world, String there) {
    return new ClusterException(
        String.format(
            Locale.ROOT,
            "Cannot %s: %s; start more executors (spark.executor.instances) or set another %s",
            text(world),
            there,
            SETTING.key()));
  }

  private String text(int world) {
    return String.format(
        Locale.ROOT,
        "train with %s and evaluate on %s besides (%s)",
        Count.of(Math.max(1, world), "rank"),
        Count.of(count, "task slot"),
        SETTING.key());
  }
}
