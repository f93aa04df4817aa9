package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.gpu.GpuSettings;
import io.dropblock.spark.recipe.MovingAverageRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.ring.WireFormat;
import io.dropblock.spark.train.Trainer;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WeightAverage;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;

/**
 * What the trainer is told of a recipe and of the cluster's settings.
 *
 * @param recipe what is trained
 * @param share of the task slots that is the run's
 * @param cluster the settings
 * @param elastic the limits of ranks; empty where their number does not change
 */
record TrainerSettings(
    Recipe recipe, SlotShare share, ClusterSettings cluster, Optional<RankLimits> elastic) {

  /**
   * Of a run.
   *
   * @throws TrainingException if the recipe's weights cannot be averaged as it says
   */
  Trainer.Settings of(RecipeParts parts, RankFeed feed) {
    return new Trainer.Settings(
        recipe.name(),
        recipe.toYaml(),
        new TrainingPlan(
            recipe.train().epochs(),
            feed.stepsPerEpoch(),
            feed.batches(),
            recipe.dropblock().keepProbability(),
            recipe.train().learningRate(),
            recipe.seed(),
            weightAverage(feed.stepsPerEpoch())),
        averaging(),
        elastic.orElseGet(() -> RankLimits.fixed(feed.world())),
        share,
        cluster.recovery(),
        parts.summary().trainableParameters(),
        cluster.layers());
  }

  private Optional<WeightAverage> weightAverage(int stepsPerEpoch) {
    Optional<MovingAverageRecipe> wanted = recipe.train().movingAverage();
    if (wanted.filter(it -> it.every() > stepsPerEpoch).isPresent()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot average weights every %d steps (train.moving_average.every): an epoch has %d,"
                  + " and they are counted within each",
              wanted.get().every(),
              stepsPerEpoch));
    }
    return wanted.map(it -> new WeightAverage(it.decay(), it.every()));
  }

  private Averaging averaging() {
    return new Averaging(
        way(recipe),
        recipe.train().averaging().every(),
        cluster.ports(),
        cluster
            .ring()
            .withWire(
                switch (recipe.train().averaging().wire()) {
                  case EXACT -> WireFormat.EXACT;
                  case BFLOAT16 -> WireFormat.BFLOAT16;
                }));
  }

  /**
   * dl4j-spark's master sends ND4J's arrays themselves, which are those of one backend.
   *
   * @param driver the backend here, asked for only where that matters
   * @throws TrainingException if executors would have another one
   */
  static void requireRingForGpus(
      SparkConf conf, Averaging.Way way, Supplier<ExecutionerType> driver) {
    if (way == Averaging.Way.STOCK
        && GpuSettings.ask(conf)
        && driver.get() != ExecutionerType.CUDA) {
      throw new TrainingException(
          "Cannot train on GPUs with averaging.master: stock from a driver without one: use"
              + " averaging.master: ring");
    }
  }

  /** Who averages. */
  static Averaging.Way way(Recipe recipe) {
    return switch (recipe.train().averaging().master()) {
      case RING -> Averaging.Way.RING;
      case STOCK -> Averaging.Way.STOCK;
    };
  }
}
