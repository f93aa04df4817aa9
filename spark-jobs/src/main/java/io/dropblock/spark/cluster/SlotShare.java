package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A run's part of the cluster's task slots: all of them, or as many as each other cell of an
 * experiment has that trains beside it.
 *
 * @param runs that train side by side, 1 or more
 * @param least slots that each of them needs at least
 */
public record SlotShare(int runs, int least) {

  /** Of a run that trains alone. */
  public static SlotShare whole() {
    return new SlotShare(1, 1);
  }

  /**
   * Of cells that train side by side.
   *
   * @param cells at once, 2 or more
   * @param world ranks that the largest of them asks for, or 0 for as many as there is room for
   * @throws ClusterException if the settings ask for too few task slots
   */
  public static SlotShare of(SparkConf conf, int cells, int world) {
    int elastic = SettingsCheck.elasticMin(conf);
    int least = elastic > 0 ? elastic : Math.max(1, world) + EvaluationSlots.of(conf).count();
    SlotShare share = new SlotShare(cells, least);
    OptionalInt promised = PromisedSlots.of(conf);
    if (promised.isPresent() && share.of(promised.getAsInt()) < least) {
      throw share.tooFew(
          "there will be", promised.getAsInt(), " with " + PromisedSlots.words(conf));
    }
    return share;
  }

  /** Whether no other run trains at the same time. */
  public boolean isWhole() {
    return runs == 1;
  }

  /** A run's share of so many. */
  int of(int slots) {
    return slots / runs;
  }

  /**
   * Waits until all runs find their slots, at most a minute.
   *
   * @throws ClusterException if there are too few
   */
  public void await(JavaSparkContext spark) {
    if (!isWhole()) {
      TaskSlots.all(spark).await(runs * least, found -> tooFew("the cluster offers", found, ""));
    }
  }

  private ClusterException tooFew(String there, int slots, String how) {
    return new ClusterException(
        String.format(
            Locale.ROOT,
            "Cannot train %d cells at once: %s %s%s, %d for each, and a cell needs %d; start more"
                + " executors (spark.executor.instances), lower --at-once, or set train.world",
            runs,
            there,
            Count.of(slots, "task slot"),
            how,
            of(slots),
            least));
  }
}
