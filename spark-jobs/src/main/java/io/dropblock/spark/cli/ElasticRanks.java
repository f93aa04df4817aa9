package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.Locale;
import java.util.Optional;

/** Whether the number of ranks may change while a recipe is trained, and in which limits. */
final class ElasticRanks {
  private ElasticRanks() {}

  /**
   * The limits that the cluster's settings ask for; empty where they ask for none.
   *
   * @param kept task slots that ranks leave to an evaluation beside them
   * @throws TrainingException if the recipe's steps would have other images with other ranks, or
   *     there can never be so many
   */
  static Optional<RankLimits> of(TrainRecipe train, ClusterSettings cluster, int kept) {
    int least = cluster.elasticMin();
    if (least == 0) {
      return Optional.empty();
    }
    if (train.slots() == 0) {
      throw refused(
          least,
          "without train.slots the images of a step depend on the number of ranks; set it to"
              + " train.world x train.accumulation");
    }
    if (train.averaging().bindsWorld() && train.slots() > 1) {
      throw refused(
          least,
          "ranks go own ways between two averagings, so that their number cannot change; set"
              + " train.averaging.every to 1, and train.averaging.master to ring");
    }
    int most = train.world() > 0 ? train.world() : train.slots();
    if (least > most) {
      throw refused(
          least,
          String.format(
              Locale.ROOT,
              "there are never more than %s (train.%s)",
              Count.of(most, "rank"),
              train.world() > 0 ? "world" : "slots"));
    }
    return Optional.of(new RankLimits(most, least, kept, cluster.elasticWait()));
  }

  private static TrainingException refused(int least, String reason) {
    return new TrainingException(
        String.format(
            Locale.ROOT,
            "Cannot use setting %s: '%d', %s",
            OwnSetting.ELASTIC_MIN.key(),
            least,
            reason));
  }
}
