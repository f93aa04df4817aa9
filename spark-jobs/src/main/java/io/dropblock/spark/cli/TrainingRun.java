package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.EvaluationSlots;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.SettingsCheck;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.evaluate.example.ExampleLimits;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.preflight.slot.ProbeFolder;
import io.dropblock.spark.recipe.MovingAverageRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.report.EpochTable;
import io.dropblock.spark.report.ProgressLine;
import io.dropblock.spark.report.evaluated.ShowEvaluated;
import io.dropblock.spark.report.page.ReportFile;
import io.dropblock.spark.text.ForeseenException;
import io.dropblock.spark.train.Beginning;
import io.dropblock.spark.train.EpochHook;
import io.dropblock.spark.train.Evaluate;
import io.dropblock.spark.train.KeepCheckpoints;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.Trainer;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.WatchedLayers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One run from its recipe to the table at its end, for the commands that train. No other process
 * trains it until it is closed: a run that goes on from its first checks, a new one from its start.
 */
final class TrainingRun implements AutoCloseable {
  private final Recipe recipe;
  private final Path data;
  private final Path folder;
  private final DatasetManifest dataset;
  private final SlotShare share;
  private final ClusterSettings cluster;
  private final Optional<RankLimits> elastic;
  private final Optional<RunFolder> resumed;
  private final Optional<TakenTrunk> taken;
  private Optional<FolderLock> lock;

  private TrainingRun(
      Recipe recipe,
      Path data,
      Path folder,
      DatasetManifest dataset,
      SlotShare share,
      ClusterSettings cluster,
      Optional<RankLimits> elastic,
      Optional<RunFolder> resumed,
      Optional<TakenTrunk> taken) {
    this.recipe = recipe;
    this.data = data;
    this.folder = folder;
    this.dataset = dataset;
    this.share = share;
    this.cluster = cluster;
    this.elastic = elastic;
    this.resumed = resumed;
    this.taken = taken;
    this.lock = resumed.map(RunFolder::lock);
  }

  /**
   * Checks what can be checked before the application starts; writes nothing but the lock of a run
   * that goes on.
   *
   * @param resume whether to go on with the run that the folder holds
   * @throws TrainingException if the run cannot begin, or not go on, another process trains it, or
   *     the cluster's settings cannot be read
   * @throws io.dropblock.spark.data.DataException if the data set is none for the recipe
   */
  static TrainingRun of(
      Application application, Recipe recipe, Path data, Path folder, boolean resume) {
    return of(application, recipe, data, folder, resume, Optional::empty);
  }

  /**
   * The same of a new run that takes the trunk of a trained network.
   *
   * @param trained a run, or one of its checkpoints
   * @param weights which of its weights are taken
   * @throws TrainingException also if it holds no network with the recipe's trunk
   */
  static TrainingRun of(
      Application application,
      Recipe recipe,
      Path data,
      Path folder,
      Path trained,
      Weights weights) {
    Configuration configuration = application.configuration();
    return of(
        application,
        recipe,
        data,
        folder,
        false,
        () -> Optional.of(TakenTrunk.of(trained, weights, recipe, configuration)));
  }

  private static TrainingRun of(
      Application application,
      Recipe recipe,
      Path data,
      Path folder,
      boolean resume,
      Supplier<Optional<TakenTrunk>> trunk) {
    Configuration configuration = application.configuration();
    DatasetManifest dataset = new RecipeParts(recipe).dataset(data, configuration);
    TrainerSettings.requireRingForGpus(
        application.settings(), TrainerSettings.way(recipe), () -> Nd4j.getExecutioner().type());
    SettingsCheck.forResults(
        application.settings(), Float.BYTES * new RecipeParts(recipe).numbersInTraining());
    EvaluationSlots.of(application.settings())
        .requirePromised(application.settings(), recipe.train().world());
    if (!resume) {
      requireFree(folder, configuration);
    }
    ClusterSettings cluster = ClusterSettings.of(application.settings());
    return new TrainingRun(
        recipe,
        data,
        folder,
        dataset,
        application.share(),
        cluster,
        ElasticRanks.of(
            recipe.train(), cluster, EvaluationSlots.of(application.settings()).count()),
        resume ? Optional.of(RunFolder.open(folder, configuration)) : Optional.empty(),
        trunk.get());
  }

  /**
   * Looks at the folder, and tries to write there; leaves nothing behind.
   *
   * @throws TrainingException if a new run cannot begin there
   * @throws io.dropblock.spark.data.DataException if it cannot be written
   */
  static void requireFree(Path folder, Configuration configuration) {
    RunFolder.requireFree(folder, configuration);
    NewFolder.obstacle(folder, configuration)
        .ifPresent(
            reason -> {
              throw new TrainingException("Cannot write to run folder " + folder + ": " + reason);
            });
    ProbeFolder.requireWritable(folder, configuration);
  }

  /**
   * Looks whether a run that goes on has anything left to do, and says so where it has not; writes
   * nothing.
   *
   * @throws TrainingException if it cannot go on with this recipe and these data
   */
  boolean isDone() {
    boolean done = resumed.isPresent() && new Resumption(resumed.get(), recipe, dataset).isDone();
    if (done) {
      printDone();
    }
    return done;
  }

  /**
   * Trains, tells how it goes, and prints the table.
   *
   * @param progress tells how it goes
   */
  void run(JavaSparkContext spark, ProgressLine progress) {
    print(train(spark, progress));
    printReport(spark.hadoopConfiguration());
  }

  /**
   * Trains, and tells how it goes.
   *
   * @param progress tells how it goes
   * @return all that the run told, in its order
   */
  List<RunEvent> train(JavaSparkContext spark, ProgressLine progress) {
    Configuration configuration = spark.hadoopConfiguration();
    RecipeParts parts = new RecipeParts(recipe);
    EvaluationSlots kept = EvaluationSlots.of(spark.getConf());
    ChosenWorld chosen = chosen(spark, kept);
    int world = chosen.ranks();
    RankFeed feed = parts.feed(data, dataset, configuration, world);
    Evaluation evaluation =
        parts.evaluation(data, dataset, configuration, world).onSlots(kept.count());
    Trainer.Settings settings =
        new TrainerSettings(recipe, share, cluster, elastic).of(parts, feed);
    Optional<Checkpoint> first = taken.map(trunk -> trunk.checkpoint(settings, feed));
    RunFolder run =
        resumed.orElseGet(() -> RunFolder.create(folder, recipe.toYaml(), first, configuration));
    lock = lock.or(() -> Optional.of(run.lock()));
    Beginning begun =
        resumed.isPresent()
            ? new Resumption(run, recipe, dataset).begin()
            : new Beginning(
                first, List.of(), taken.map(TakenTrunk::notes).orElseGet(() -> List.of()));
    Beginning beginning =
        begun
            .noting(chosen.notes())
            .noting(MemoryNotes.of(recipe, parts, world, cluster.ring().sum(), spark.getConf()));
    ComputationGraph network = taken.map(TakenTrunk::network).orElseGet(parts::network);
    requireLayers(network);
    try (RunWatchers watchers = new RunWatchers(spark.sc(), run, progress, !share.isWhole())) {
      List<EpochHook> hooks =
          List.of(
              evaluate(spark, evaluation),
              new ShowEvaluated(
                  run,
                  new ShowEvaluated.Labels(recipe.name(), dataset.classes()),
                  new ShowEvaluated.Times(recipe.train().evaluateEvery(), recipe.train().epochs()),
                  watchers::show),
              // checkpoints last: they hold what the others found out
              watchers.histograms(),
              new KeepCheckpoints(
                  run,
                  configuration,
                  recipe.toYaml(),
                  feed.globalBatch(),
                  beginning.origin(feed),
                  recipe.train().keepCheckpoints(),
                  settings.averaging().wholeRounds(recipe.train().checkpointEvery())));
      Trainer trainer = new Trainer(spark, run, settings, hooks, watchers);
      return trainer.run(network, feed, beginning);
    }
  }

  private ChosenWorld chosen(JavaSparkContext spark, EvaluationSlots kept) {
    TaskSlots slots = new TaskSlots(spark, share);
    if (elastic.isPresent()) {
      return new ChosenWorld(slots.await(elastic.get()), List.of());
    }
    TrainRecipe train = recipe.train();
    int most = train.slots() > 0 ? train.slots() : Integer.MAX_VALUE;
    int found = kept.await(slots, train.world(), most);
    return ChosenWorld.of(train, found, kept.leftOf(slots.promised()));
  }

  private void requireLayers(ComputationGraph network) {
    Optional<String> unknown = cluster.layers().unknown(network);
    if (unknown.isPresent()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot use setting spark.dropblock.tensorboard.layers: no layer with parameters is"
                  + " called '%s'; there are %s and others",
              unknown.get(),
              String.join(", ", WatchedLayers.some().namesIn(network))));
    }
  }

  private Evaluate evaluate(JavaSparkContext spark, Evaluation evaluation) {
    boolean raw =
        recipe
            .train()
            .movingAverage()
            .filter(it -> it.evaluate() == MovingAverageRecipe.Weights.BOTH)
            .isPresent();
    return new Evaluate(
        spark,
        evaluation.showing(ExampleLimits.SHEET),
        recipe.train().evaluateEvery(),
        recipe.train().epochs(),
        raw);
  }

  @Override
  public void close() {
    lock.ifPresent(FolderLock::close);
  }

  private void printDone() {
    int epochs = recipe.train().epochs();
    System.out.printf(
        Locale.ROOT,
        "Run %s is done: %d of %d epochs; to train longer add --set train.epochs=%d or more%n",
        folder,
        epochs,
        epochs,
        epochs + 1);
  }

  /** A report that cannot be written ends no training: {@code report} writes it again. */
  private void printReport(Configuration configuration) {
    try {
      System.out.println("Report: " + ReportFile.write(RunFolder.open(folder, configuration)));
    } catch (RuntimeException e) {
      System.err.println(e instanceof ForeseenException ? e.getMessage() : "Cannot report: " + e);
    }
  }

  private void print(List<RunEvent> events) {
    System.out.println();
    System.out.print(EpochTable.of(events));
    System.out.printf(Locale.ROOT, "%nRun folder: %s%n", folder);
  }
}
