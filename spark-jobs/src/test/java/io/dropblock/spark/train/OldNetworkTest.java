package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.NetworkState;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.TrainingPlan;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint that the last version with DL4J's momentum wrote, after two of the four epochs of
 * {@link SmallRun} on eight images, and the parameters that it had at the end.
 */
class OldNetworkTest {
  private static final SmallRun RUN = new SmallRun(1, 4, 4, "1", "0.05");
  private static final String NAME = "epoch-0002";

  @TempDir private Path folder;

  private static Path resource(String name) {
    try {
      return Path.of(OldNetworkTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private RunFolder run() throws IOException {
    RunFolder run =
        RunFolder.create(
            new org.apache.hadoop.fs.Path(folder.resolve("run").toString()),
            "name: small\n",
            new Configuration());
    Path checkpoint = Files.createDirectories(folder.resolve("run/checkpoints").resolve(NAME));
    try (var files = Files.list(resource("old-checkpoint"))) {
      for (Path file : files.toList()) {
        Files.copy(file, checkpoint.resolve(file.getFileName()));
      }
    }
    return run;
  }

  @Test
  void aRunGoesOnAsItWouldHave() throws IOException {
    RunFolder run = run();
    Path data = Files.createDirectories(folder.resolve("data"));
    DatasetManifest manifest = SmallRun.store(data, 8);
    List<RunEvent> told = new CopyOnWriteArrayList<>();
    try (JavaSparkContext spark = LocalSpark.start(1)) {
      RUN.goOn(spark, data, manifest, network(), run, told::add);
    }
    assertThat(told)
        .filteredOn(RunEvent.Note.class::isInstance)
        .extracting(event -> ((RunEvent.Note) event).text())
        .contains(
            "The checkpoint is of an older version, whose momentum holds the learning rate; it is"
                + " divided by that of the last step, 0.05, which is exact where the rate was"
                + " constant in the 50 steps before");
    assertThat(told).filteredOn(RunEvent.Epoch.class::isInstance).hasSize(2);
    NetworkState last = run.checkpoints().latest(line -> {}).orElseThrow().network();
    assertThat(last.arrays()).containsOnlyKeys("parameters", "velocity");
    FloatBuffer found = floats(last.parameters());
    FloatBuffer expected =
        floats(Files.readAllBytes(resource("old-checkpoint-two-epochs-later.bin")));
    FloatBuffer begun = floats(Files.readAllBytes(resource("old-checkpoint/parameters.bin")));
    assertThat(distance(begun, expected)).isGreaterThan(.01);
    assertThat(distance(found, expected)).isLessThan(1e-6);
  }

  /**
   * The velocity is what the old one is, by the rate of the step before; of none by a rate of 0.
   */
  @Test
  void isDividedByTheRateOfTheLastStep() throws IOException {
    Checkpoint checkpoint = run().checkpoints().latest(line -> {}).orElseThrow();
    FloatBuffer old = floats(checkpoint.network().arrays().get("updater"));
    FloatBuffer dropped = floats(velocity(checkpoint, "steps(0.5, 0.05 @ 0.5)"));
    FloatBuffer none = floats(velocity(checkpoint, "0"));
    for (int i = 0; i < old.capacity(); i++) {
      // four of eight steps are done: the last was with the rate before the drop
      assertThat(dropped.get(i)).isEqualTo(old.get(i) / -.5f);
      assertThat(none.get(i)).isZero();
    }
    assertThat(dropped.capacity()).isEqualTo(old.capacity());
  }

  private static byte[] velocity(Checkpoint checkpoint, String learningRate) {
    TrainingPlan plan =
        new TrainingPlan(4, 2, Schedule.parse("1"), Schedule.parse(learningRate), SmallRun.SEED);
    Epochs.Start start = Epochs.Start.of(checkpoint);
    assertThat(OldNetwork.note(start, plan)).isPresent();
    NetworkState replaced = OldNetwork.replaced(start, plan);
    assertThat(replaced.parameters()).isEqualTo(checkpoint.network().parameters());
    Epochs.Start again = Epochs.Start.of(replaced);
    assertThat(OldNetwork.note(again, plan)).isEmpty();
    assertThat(OldNetwork.replaced(again, plan)).isSameAs(replaced);
    return replaced.arrays().get("velocity");
  }

  private static double distance(FloatBuffer one, FloatBuffer other) {
    assertThat(one.capacity()).isEqualTo(other.capacity());
    double sum = 0;
    for (int i = 0; i < one.capacity(); i++) {
      sum += Math.pow(one.get(i) - other.get(i), 2);
    }
    return Math.sqrt(sum);
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph ->
            graph
                .addLayer("norm", new BatchNorm(.9, 1e-5, 1, true), "conv")
                .addLayer("last", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "norm"));
  }
}
