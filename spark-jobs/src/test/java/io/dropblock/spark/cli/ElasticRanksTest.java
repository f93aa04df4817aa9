package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.failure.TrainingException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** How many ranks a run may have, by recipe and settings. */
class ElasticRanksTest {
  @Test
  void onlyWhereTheSettingsAskForIt() {
    assertThat(limits(new SparkConf(false), "train.slots=8")).isEmpty();
    assertThat(limits(min(0), "train.slots=8")).isEmpty();
  }

  @Test
  void upToTheSlotsOrTheWorldOfTheRecipe() {
    assertThat(limits(min(2), "train.slots=8"))
        .contains(new RankLimits(8, 2, 1, Duration.ofSeconds(10)));
    assertThat(
            limits(
                min(2).set("spark.dropblock.elastic.wait", "1m"), "train.slots=8", "train.world=4"))
        .contains(new RankLimits(4, 2, 1, Duration.ofMinutes(1)));
  }

  @Test
  void refusesWhatCannotChange() {
    assertRefused(min(9), "'9', there are never more than 8 ranks (train.slots)", "train.slots=8");
    assertRefused(
        min(3),
        "'3', there are never more than 2 ranks (train.world)",
        "train.slots=8",
        "train.world=2");
    assertRefused(min(1), "'1', without train.slots the images", "train.slots=0");
    assertRefused(
        min(1),
        "'1', ranks go own ways between two averagings",
        "train.slots=8",
        "train.averaging.every=2");
    assertRefused(
        min(1),
        "'1', ranks go own ways between two averagings",
        "train.slots=8",
        "train.averaging.master=stock");
  }

  private static void assertRefused(SparkConf conf, String reason, String... settings) {
    assertThatThrownBy(() -> limits(conf, settings))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("Cannot use setting spark.dropblock.elastic.min: " + reason);
  }

  private static SparkConf min(int ranks) {
    return new SparkConf(false).set("spark.dropblock.elastic.min", String.valueOf(ranks));
  }

  private static Optional<RankLimits> limits(SparkConf conf, String... settings) {
    return ElasticRanks.of(
        Recipe.load("demo", List.of(settings)).train(), ClusterSettings.of(conf), 1);
  }
}
