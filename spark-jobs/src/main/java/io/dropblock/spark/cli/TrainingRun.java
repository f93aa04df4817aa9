package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.gpu.GpuSettings;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.EpochTable;
import io.dropblock.spark.report.ProgressLine;
import io.dropblock.spark.ring.WireFormat;
import io.dropblock.spark.train.Averaging;
import io.dropblock.spark.train.Checkpoint;
import io.dropblock.spark.train.RankFeed;
import io.dropblock.spark.train.RunEvent;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.Trainer;
import io.dropblock.spark.train.TrainingException;
import io.dropblock.spark.train.TrainingPlan;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** One run from its recipe to the table at its end, for the commands that train. */
final class TrainingRun {
  private final JavaSparkContext spark;
  private final Recipe recipe;
  private final Path data;
  private final Path folder;

  TrainingRun(JavaSparkContext spark, Recipe recipe, Path data, Path folder) {
    this.spark = spark;
    this.recipe = recipe;
    this.data = data;
    this.folder = folder;
  }

  /**
   * Trains, tells how it goes, and prints the table.
   *
   * @param resume whether to go on with the run that the folder holds
   */
  void run(boolean resume) {
    requireRingForGpus(spark.getConf(), averaging().way(), () -> Nd4j.getExecutioner().type());
    Configuration configuration = spark.hadoopConfiguration();
    Experiment experiment = new Experiment(recipe);
    DatasetManifest dataset = experiment.dataset(data, configuration);
    Optional<RunFolder> existing =
        resume
            ? Optional.of(RunFolder.open(folder, recipe.toYaml(), configuration))
            : Optional.empty();
    int world = TaskSlots.await(spark, recipe.train().world());
    RankFeed feed = experiment.feed(data, dataset, configuration, world);
    Evaluation evaluation = experiment.evaluation(data, dataset, configuration, world);
    Trainer.Settings settings = settings(experiment, feed);
    RunFolder run =
        existing.orElseGet(() -> RunFolder.create(folder, recipe.toYaml(), configuration));
    Trainer trainer =
        new Trainer(
            spark,
            run,
            settings,
            evaluation,
            new ProgressLine(System.out, System.console() != null));
    print(trainer.run(experiment.network(), feed, resume ? latest(run) : Optional.empty()));
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
          "Cannot train on GPUs with averaging.master: stock from a driver without one: use averaging.master: ring");
    }
  }

  private Trainer.Settings settings(Experiment experiment, RankFeed feed) {
    return new Trainer.Settings(
        recipe.name(),
        recipe.toYaml(),
        new TrainingPlan(
            recipe.train().epochs(),
            feed.stepsPerEpoch(),
            feed.batches(),
            recipe.dropblock().keepProbability(),
            recipe.train().learningRate(),
            recipe.seed()),
        averaging(),
        recipe.train().evaluateEvery(),
        recipe.train().keepCheckpoints(),
        recipe.train().checkpointEvery(),
        cluster().recovery(),
        experiment.summary().trainableParameters());
  }

  private ClusterSettings cluster() {
    return ClusterSettings.of(spark.getConf());
  }

  private Averaging averaging() {
    return new Averaging(
        switch (recipe.train().averaging().master()) {
          case RING -> Averaging.Way.RING;
          case STOCK -> Averaging.Way.STOCK;
        },
        recipe.train().averaging().every(),
        cluster().ports(),
        cluster()
            .ring()
            .withWire(
                switch (recipe.train().averaging().wire()) {
                  case EXACT -> WireFormat.EXACT;
                  case BFLOAT16 -> WireFormat.BFLOAT16;
                }));
  }

  private static Optional<Checkpoint> latest(RunFolder run) {
    try {
      Optional<Checkpoint> checkpoint = run.checkpoints().latest();
      if (checkpoint.isEmpty()) {
        System.out.println("No checkpoint yet in " + run.path() + ": starting from the beginning");
      }
      return checkpoint;
    } catch (IOException e) {
      throw new TrainingException(
          String.format(
              Locale.ROOT, "Cannot read checkpoints of %s: %s", run.path(), e.getMessage()),
          e);
    }
  }

  private void print(List<RunEvent> events) {
    System.out.println();
    System.out.print(EpochTable.of(events));
    System.out.printf(Locale.ROOT, "%nRun folder: %s%n", folder);
  }
}
