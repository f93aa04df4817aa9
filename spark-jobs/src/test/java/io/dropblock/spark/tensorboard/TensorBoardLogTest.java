package io.dropblock.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Histogram;
import io.dropblock.metric.Scores;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.LayerHistograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLogTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

  @TempDir private Path folder;

  @Test
  void hasATagForEachThingThatIsMeasured() throws IOException {
    try (TensorBoardLog log = log(folder)) {
      log.accept(started(0));
      log.accept(steps(0, 1));
      log.accept(new RunEvent.Note("nothing to draw"));
      log.accept(epoch(0));
      log.accept(steps(1, 3));
      log.accept(
          new RunEvent.Epoch(1, 1, 2, 3, 1, 1, .1, null, null, Map.of(), List.of(), List.of()));
    }
    List<ReadEvents> events = ReadEvents.in(folder);
    assertThat(ReadEvents.scalars(events, "train/loss")).containsExactly("2=1.5", "4=1.5");
    assertThat(ReadEvents.scalars(events, "train/learning_rate")).containsExactly("2=0.1", "4=0.1");
    assertThat(ReadEvents.scalars(events, "train/images_per_second"))
        .containsExactly("2=64.0", "4=64.0");
    assertThat(ReadEvents.scalars(events, "dropblock/keep_prob")).containsExactly("2=0.9", "4=0.9");
    assertThat(ReadEvents.scalars(events, "dropblock/kept")).containsExactly("2=0.93", "4=0.93");
    assertThat(ReadEvents.scalars(events, "val/top-1")).containsExactly("2=0.5");
    assertThat(ReadEvents.scalars(events, "val_detail/cat")).containsExactly("2=0.25");
    assertThat(events).hasSize(4);
  }

  @Test
  void hasHistogramsOfLayersAndTheShareOfEachSite() throws IOException {
    Histogram weights = new Histogram();
    weights.add(.5);
    weights.add(-2);
    Histogram gradients = new Histogram();
    gradients.add(1e-3);
    try (TensorBoardLog log = log(folder)) {
      log.accept(started(0));
      log.write(1, new LayerHistograms(Map.of("conv/W", weights), Map.of("conv/W", gradients)));
      log.accept(
          new RunEvent.Epoch(
              0,
              1,
              2,
              3,
              1,
              1,
              .1,
              null,
              null,
              Map.of(),
              List.of(),
              List.of(new RunEvent.SiteShare("drop 1", .75, .5))));
    }
    List<ReadEvents> events = ReadEvents.in(folder);
    assertThat(ReadEvents.histograms(events, "parameters/conv/W"))
        .singleElement()
        .satisfies(it -> assertThat(it.getSum()).isEqualTo(-1.5));
    assertThat(ReadEvents.histograms(events, "gradients/conv/W"))
        .singleElement()
        .satisfies(it -> assertThat(it.getNum()).isEqualTo(1));
    assertThat(ReadEvents.scalars(events, "dropblock/kept/drop 1")).containsExactly("2=0.5");
    assertThat(ReadEvents.scalars(events, "dropblock/expected/drop 1")).containsExactly("2=0.75");
    assertThat(events.get(1).step()).isEqualTo(2);
  }

  @Test
  void aRunThatGoesOnHasNoStepTwice() throws IOException {
    try (TensorBoardLog log = log(folder)) {
      log.accept(started(0));
      log.accept(steps(0, 1));
      log.accept(epoch(0));
      log.accept(steps(1, 2));
      log.accept(new RunEvent.Failed(1, 3, 2, "an executor is lost", List.of()));
      log.accept(steps(1, 3));
    }
    try (TensorBoardLog log = log(folder)) {
      log.accept(started(2));
      log.accept(steps(1, 3));
      log.accept(epoch(1));
    }
    List<ReadEvents> events = ReadEvents.in(folder);
    assertThat(ReadEvents.scalars(events, "train/loss")).containsExactly("2=1.5", "4=1.5");
    assertThat(ReadEvents.scalars(events, "val/top-1")).containsExactly("2=0.5", "4=0.5");
    assertThat(ReadEvents.files(folder)).hasSize(3);
  }

  /** A tag's steps rise, as TensorBoard wants it; those of different tags need not. */
  @Test
  void anEpochMayBeToldAmongTheStepsOfTheNext() throws IOException {
    try (TensorBoardLog log = log(folder)) {
      log.accept(started(0));
      log.accept(steps(0, 1));
      log.accept(steps(1, 2));
      log.write(1, new LayerHistograms(Map.of(), Map.of()));
      log.accept(epoch(0));
      log.accept(steps(1, 3));
      log.accept(epoch(1));
      log.accept(new RunEvent.Failed(1, 3, 2, "an executor is lost", List.of()));
      log.accept(steps(1, 3));
      log.accept(epoch(1));
    }
    List<ReadEvents> events = ReadEvents.in(folder);
    assertThat(ReadEvents.scalars(events, "train/loss")).containsExactly("2=1.5", "4=1.5");
    assertThat(ReadEvents.scalars(events, "val/top-1")).containsExactly("2=0.5", "4=0.5");
  }

  @Test
  void aFolderThatCannotBeWrittenEndsNothing() throws IOException {
    Path gone = Files.createFile(folder.resolve("a file"));
    try (TensorBoardLog log = log(gone)) {
      log.accept(started(0));
      log.accept(steps(0, 1));
    }
    assertThat(gone).isEmptyFile();
  }

  private static TensorBoardLog log(Path folder) {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toUri());
    return new TensorBoardLog(
        HadoopPath.fileSystem(path, new Configuration()),
        path,
        "node 1/x",
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static RunEvent started(long firstStep) {
    return new RunEvent.Started("recipe", 2, 64, 3, 2, firstStep, 128, 1234);
  }

  private static RunEvent steps(int epoch, long step) {
    return new RunEvent.Steps(epoch, step, 1, 1.5, 64, .9, .93, .1);
  }

  private static RunEvent epoch(int epoch) {
    Scores scores =
        new Scores(
            List.of(new Scores.Score("top-1", .5)),
            List.of(new Scores.Score("cat", .25)),
            List.of());
    return new RunEvent.Epoch(
        epoch, 1.5, 64, 2, .9, .93, .1, scores, .5, Map.of(), List.of(), List.of());
  }
}
