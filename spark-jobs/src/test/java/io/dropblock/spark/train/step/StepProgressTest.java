package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.train.SmallRun;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import scala.Option;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Two tasks of a Spark inside this JVM that beats ten times a second. */
class StepProgressTest {
  private static final int WORLD = 2;
  private static final int STEPS = 6;
  private static final long ACCUMULATOR = 5;

  /** A rank of an attempt that failed and one of the next are not both ranks. */
  @Test
  void forgetsAnAttemptThatFailed() {
    List<RunEvent> events = new ArrayList<>();
    EpochPlan plan =
        new TrainingPlan(1, STEPS, Schedule.parse("0.9"), Schedule.parse("0.1"), 7).epoch(0);
    RankFeed feed = new RankFeed(null, null, null, WORLD, 4, 1, 1);
    StepProgress progress = new StepProgress(plan, feed, ACCUMULATOR, 0, STEPS, events::add);
    progress.onExecutorMetricsUpdate(update(10, 0, 8));
    progress.onExecutorMetricsUpdate(update(12, 1, 2));
    assertThat(events).isEmpty();
    progress.onExecutorMetricsUpdate(update(11, 0, 6));
    assertThat(events).isEmpty();
    progress.onExecutorMetricsUpdate(update(13, 1, 4));
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            RunEvent.Steps.class, steps -> assertThat(steps.loss()).isEqualTo(3));
  }

  /** What an executor sends of a task that has done step 0. */
  private static SparkListenerExecutorMetricsUpdate update(long task, int attempt, double loss) {
    AccumulableInfo reports =
        new AccumulableInfo(
            ACCUMULATOR,
            Option.empty(),
            Option.apply(List.of(new StepReport(0, loss, 1))),
            Option.empty(),
            false,
            false,
            Option.empty());
    Tuple4<Object, Object, Object, Seq<AccumulableInfo>> ofTask =
        new Tuple4<>(task, 3, attempt, JavaConverters.asScalaBuffer(List.of(reports)));
    return new SparkListenerExecutorMetricsUpdate(
        "1",
        JavaConverters.asScalaBuffer(List.of(ofTask)),
        JavaConverters.mapAsScalaMap(new HashMap<>()));
  }

  @Test
  void tellsOfStepsThatAllRanksHaveDoneWhileTheyGoOn() {
    List<RunEvent> events = new CopyOnWriteArrayList<>();
    TrainingPlan run =
        new TrainingPlan(
            1, STEPS, Schedule.parse("linear(1.0, 0.4)"), Schedule.parse("linear(0.6, 0.0)"), 7);
    EpochPlan plan = run.epoch(0);
    RankFeed feed = new RankFeed(null, null, null, WORLD, 4, 1, 1);
    try (JavaSparkContext spark =
        LocalSpark.start(WORLD, Map.of("spark.executor.heartbeatInterval", "100ms"))) {
      CollectionAccumulator<StepReport> reports = new CollectionAccumulator<>();
      spark.sc().register(reports, "steps");
      spark
          .sc()
          .addSparkListener(new StepProgress(plan, feed, reports.id(), 0, STEPS, events::add));
      spark
          .parallelize(List.of(0, 1), WORLD)
          .foreachPartition(
              ranks -> {
                for (int step = 0; step < STEPS; step++) {
                  reports.add(new StepReport(step, step + TaskContext.getPartitionId(), .5));
                  Thread.sleep(400);
                }
              });
    }
    List<RunEvent.Steps> steps = events.stream().map(RunEvent.Steps.class::cast).toList();
    assertThat(steps).hasSizeGreaterThan(1);
    assertThat(steps.stream().map(RunEvent.Steps::step)).isSorted().doesNotHaveDuplicates();
    RunEvent.Steps first = steps.get(0);
    // a mean over two ranks and the steps 0 to first.step()
    assertThat(first.loss()).isEqualTo((first.step() + 1) / 2.0);
    assertThat(first.keptFraction()).isEqualTo(.5);
    assertThat(first.keepProbability()).isEqualTo(plan.keepProbability(first.step()));
    assertThat(first.learningRate()).isEqualTo(plan.learningRate(first.step()));
    assertThat(first.imagesPerSecond()).isPositive();
  }

  /**
   * Ranks stop before step 3 until somebody was told of the steps before it: while the epoch's job
   * runs. Each step is told of once, the last one when all is done.
   */
  @Test
  void anEpochTellsOfItsStepsWhileItRuns(@TempDir Path data) throws IOException {
    int pause = 3;
    DatasetManifest manifest = SmallRun.store(data, STEPS * WORLD * 4);
    FeedSource source =
        new FeedSource(
            data.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(new CentreCrop(SmallRun.SIZE)),
            Normalization.IMAGENET);
    RankFeed feed =
        new RankFeed(
            source,
            new Classification(SmallRun.CLASSES),
            new SerializableConfiguration(new Configuration()),
            WORLD,
            4,
            1,
            1);
    assertThat(feed.stepsPerEpoch()).isEqualTo(STEPS);
    EpochPlan plan =
        new TrainingPlan(2, STEPS, Schedule.parse("0.9"), Schedule.parse("0.1"), 7).epoch(1);
    Averaging averaging = Averaging.of(Averaging.Way.RING, 1);
    List<RunEvent.Steps> told = new CopyOnWriteArrayList<>();
    EpochRunner.Result result;
    try (JavaSparkContext spark =
        LocalSpark.start(WORLD, Map.of("spark.executor.heartbeatInterval", "100ms"))) {
      SparkComputationGraph graph =
          new SparkComputationGraph(
              spark,
              SmallRun.network(
                  new MomentumSettings(0, false),
                  layers ->
                      layers.addLayer("last", new ActivationLayer(Activation.IDENTITY), "conv")),
              averaging.master(WORLD, 4));
      graph.getTrainingMaster().addHook(new PauseHook(plan.firstStep() + pause));
      EpochRunner runner =
          new EpochRunner(
              spark,
              graph,
              averaging,
              spark.broadcast(feed),
              event -> {
                told.add((RunEvent.Steps) event);
                if (told.get(told.size() - 1).step() == plan.firstStep() + pause - 1) {
                  PauseHook.goOn();
                }
              });
      result = runner.run(plan, 2, 0, List.of());
    }
    List<Long> steps = told.stream().map(RunEvent.Steps::step).toList();
    assertThat(steps).isSorted().doesNotHaveDuplicates();
    assertThat(steps)
        .contains(plan.firstStep() + pause - 1)
        .endsWith(plan.lastStep())
        .allMatch(step -> step >= plan.firstStep());
    RunEvent.Steps last = told.get(told.size() - 1);
    assertThat(last.loss()).isEqualTo(result.loss());
    assertThat(last.epoch()).isEqualTo(1);
    assertThat(told).allMatch(one -> Double.isFinite(one.loss()) && one.imagesPerSecond() > 0);
  }
}
