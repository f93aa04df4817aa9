package io.dropblock.spark.cli;

import io.dropblock.nn.average.MovingAverage;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.Recovery;
import io.dropblock.spark.cluster.RunJobs;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.preflight.slot.PeakMemory;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.Trainer;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.TrainingPlugin;
import io.dropblock.spark.train.step.EpochRunner;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.tune.Measured;
import io.dropblock.spark.tune.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/**
 * A short training on all ranks, as {@code train} has it, but without run folder, evaluation and
 * checkpoints: it leaves nothing behind.
 *
 * @param recipe of the trial
 * @param data the data set
 * @param warmUp how long steps are not counted
 * @param length how long they are, then
 */
record TuneTrial(Recipe recipe, Path data, Duration warmUp, Duration length) {

  /**
   * Trains.
   *
   * @param spark an application that does nothing else, with all its executors there
   * @param ranks how many
   * @param taskSlots that there are
   * @throws ClusterException if it fails on the cluster, with the reason
   */
  Measured run(JavaSparkContext spark, int ranks, int taskSlots) {
    if (!TrainingPlugin.isOn()) {
      throw new ClusterException(
          "Cannot tune: nobody tells of steps; add "
              + TrainingPlugin.class.getName()
              + " to "
              + TrainingPlugin.SETTING);
    }
    ClusterSettings cluster = ClusterSettings.of(spark.getConf());
    try (RunJobs jobs = RunJobs.begin(spark, Optional.empty());
        Recovery recovery =
            new Recovery(TaskSlots.all(spark), jobs, RankLimits.fixed(ranks), cluster.recovery())) {
      try {
        return train(spark, cluster, ranks, taskSlots);
      } catch (Exception e) {
        if (recovery.isOfCluster(e)) {
          throw new ClusterException(recovery.look(e).reason(), e);
        }
        throw e;
      }
    }
  }

  private Measured train(
      JavaSparkContext spark, ClusterSettings cluster, int ranks, int taskSlots) {
    RecipeParts parts = new RecipeParts(recipe);
    Configuration configuration = spark.hadoopConfiguration();
    RankFeed feed = parts.feed(data, parts.dataset(data, configuration), configuration, ranks);
    Trainer.Settings settings =
        new TrainerSettings(recipe, SlotShare.whole(), cluster, Optional.empty()).of(parts, feed);
    ComputationGraph network = parts.network();
    if (settings.plan().average().isPresent()) {
      MovingAverage.of(network);
    }
    Pace pace = new Pace(feed.globalBatch(), warmUp, length);
    Broadcast<RankFeed> broadcast = spark.broadcast(feed);
    EpochRunner runner =
        new EpochRunner(
            spark,
            new SparkComputationGraph(
                spark, network, settings.averaging().master(ranks, feed.slots().localBatch())),
            settings.averaging(),
            broadcast,
            settings.layers(),
            pace,
            pace::isDone);
    long outside = 0;
    long starved = 0;
    long batches = 0;
    for (int epoch = 0; !pace.isDone(); epoch = (epoch + 1) % settings.plan().epochs()) {
      EpochRunner.Result result =
          runner.run(settings.plan().epoch(epoch), settings.plan().epochs(), 0, List.of());
      for (RunEvent.RankTimes rank : result.ranks()) {
        outside = Math.max(outside, rank.nativeMemory());
        starved += rank.starved();
      }
      batches += (long) result.stepsDone() * feed.slots().count();
    }
    broadcast.destroy();
    return new Measured(
        pace.speed(),
        ranks,
        PeakMemory.most(spark, taskSlots),
        outside,
        (double) starved / batches);
  }
}
