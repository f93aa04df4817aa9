package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.average.MovingAverage;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.LayerHistograms;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The moving average of a run on the cluster. An epoch is one step of all images, so that the
 * checkpoints hold the weights behind each step, and any number of ranks trains the same.
 */
class MovingAverageTrainingTest {
  private static final int IMAGES = 20;
  private static final int EPOCHS = 6;
  private static final double DECAY = .35;

  @TempDir private static Path data;
  @TempDir private Path runs;
  private static JavaSparkContext spark;
  private static DatasetManifest manifest;

  @BeforeAll
  static void prepare() throws IOException {
    spark = LocalSpark.start(2);
    manifest = SmallRun.store(data, IMAGES);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /** Over epochs and over a change of the ranks, by the formula from the weights of each step. */
  @Test
  void isThatOfTheFormulaForAnyNumberOfRanks() throws IOException {
    List<NetworkState> one = train("one", 1, 0, EPOCHS);
    List<NetworkState> two = train("two", 2, 0, EPOCHS);
    List<NetworkState> changed = train("changed", 2, 0, 3);
    changed.addAll(train("changed", 1, 3, EPOCHS));
    for (List<NetworkState> run : List.of(one, two, changed)) {
      double[] average = numbers(network(), false);
      for (int step = 1; step <= EPOCHS; step++) {
        double[] weights = numbers(run.get(step - 1), false);
        double decay = Math.min(DECAY, (1. + step) / (10. + step));
        for (int i = 0; i < average.length; i++) {
          average[i] = decay * average[i] + (1 - decay) * weights[i];
        }
        assertThat(numbers(run.get(step - 1), true))
            .as("step %d", step)
            .containsExactly(average, within(1e-6));
      }
    }
    assertThat(apart(last(one), last(one))).isGreaterThan(1e-3);
    for (List<NetworkState> other : List.of(two, changed)) {
      assertThat(numbers(last(other), true))
          .containsExactly(numbers(last(one), true), within(1e-5));
    }
  }

  /** Between the weights and their average. */
  private static double apart(NetworkState weights, NetworkState averaged) {
    double[] one = numbers(weights, false);
    double[] other = numbers(averaged, true);
    double most = 0;
    for (int i = 0; i < one.length; i++) {
      most = Math.max(most, Math.abs(one[i] - other[i]));
    }
    return most;
  }

  private static NetworkState last(List<NetworkState> run) {
    return run.get(run.size() - 1);
  }

  /** The average says class 0, of which there are 2 in 8 images, the weights 4, of which is one. */
  @Test
  void whatIsMeasuredIsTheAverage() throws IOException {
    ComputationGraph network = network();
    network.params().assign(0);
    network.getParam("out_b").putScalar(0, 1);
    MovingAverage.of(network);
    network.getParam("out_b").assign(0).putScalar(4, 1);
    NetworkState state = NetworkState.of(network);
    EpochEnd end = new EpochEnd(plan().epoch(0), state, null, LayerHistograms.NONE);
    Scores alone = new Evaluate(spark, evaluation(), 1, EPOCHS).after(end, event -> {}).scores();
    assertThat(alone.value("top-1")).contains(.25);
    assertThat(alone.main()).noneMatch(score -> score.name().startsWith("raw"));
    EpochEnd measured = new Evaluate(spark, evaluation(), 1, EPOCHS, true).after(end, event -> {});
    assertThat(measured.scores().main())
        .extracting(Scores.Score::name)
        .startsWith("top-1")
        .contains("raw top-1");
    assertThat(measured.scores().value("top-1")).contains(.25);
    assertThat(measured.scores().value("raw top-1")).contains(.125);
    assertThat(measured.best().value()).isEqualTo(.25);
    assertThat(measured.best().score()).isEqualTo("top-1");
    EpochEnd raw = new EpochEnd(plan().epoch(0), state.raw(), null, LayerHistograms.NONE);
    Scores without =
        new Evaluate(spark, evaluation(), 1, EPOCHS, true).after(raw, event -> {}).scores();
    assertThat(without.value("top-1")).contains(.125);
    assertThat(without.value("raw top-1")).isEmpty();
  }

  private static TrainingPlan plan() {
    return new TrainingPlan(EPOCHS, 1, Schedule.parse("1"), Schedule.parse("1"), 7);
  }

  private static Evaluation evaluation() {
    FeedSource source =
        new FeedSource(
            data.toString(),
            manifest,
            Split.VAL,
            new ClassPreprocessing(new CentreCrop(SmallRun.SIZE)),
            Normalization.IMAGENET);
    return new Evaluation(
        new Classification(SmallRun.CLASSES),
        source,
        new SerializableConfiguration(new Configuration()),
        1,
        8,
        1);
  }

  /** The network behind each of some epochs. */
  private List<NetworkState> train(String name, int world, int from, int to) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(runs.resolve(name).toUri());
    RunFolder run =
        from == 0
            ? RunFolder.create(path, "name: small\n", new Configuration())
            : RunFolder.open(path, new Configuration());
    List<NetworkState> states = new ArrayList<>();
    new SmallRun(world, IMAGES / world, to, "1", "0.1", Optional.of(new WeightAverage(DECAY, 1)))
        .goOn(
            spark,
            data,
            manifest,
            network(),
            run,
            event -> {
              if (event instanceof RunEvent.Checkpoint written) {
                states.add(run.checkpoints().named(written.name(), line -> {}).network());
              }
            });
    assertThat(states).hasSize(to - from);
    return states;
  }

  private static double[] numbers(ComputationGraph network, boolean average) {
    return numbers(NetworkState.of(network), average);
  }

  private static double[] numbers(NetworkState state, boolean average) {
    NetworkState taken = average ? state.averaged() : state.raw();
    return taken.restore().params().castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph -> graph.addLayer("last", new ActivationLayer(Activation.TANH), "conv"));
  }
}
