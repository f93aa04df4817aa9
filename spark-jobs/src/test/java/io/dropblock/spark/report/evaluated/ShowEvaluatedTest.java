package io.dropblock.spark.report.evaluated;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.files.FullDisk;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.ring.CapturedLog;
import io.dropblock.spark.train.EpochEnd;
import io.dropblock.spark.train.ObjectStore;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.step.LayerHistograms;
import io.dropblock.spark.train.step.TrainingPlan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowEvaluatedTest {
  private static final int CLASSES = 3;

  @TempDir private Path temp;

  @AfterEach
  void unmount() {
    FullDisk.left = Long.MAX_VALUE;
  }

  private RunFolder run(String scheme) {
    Configuration configuration = new Configuration();
    configuration.set(FullDisk.SETTING, FullDisk.class.getName());
    configuration.set("fs.objects.impl", ObjectStore.class.getName());
    return RunFolder.create(
        HadoopPath.of(scheme + temp.resolve("run"), configuration), "name: x\n", configuration);
  }

  private static ShowEvaluated hook(RunFolder run, int epochs, Consumer<Evaluated> watcher) {
    return new ShowEvaluated(
        run,
        new ShowEvaluated.Labels("noise", MeasuredImages.names(CLASSES)),
        new ShowEvaluated.Times(1, epochs),
        watcher);
  }

  private static EpochEnd end(int epoch, Evaluation.Result result) {
    Schedule one = Schedule.parse("1");
    TrainingPlan plan = new TrainingPlan(epoch + 1, 2, 2, one, one, 1, Optional.empty());
    return new EpochEnd(plan.epoch(epoch), null, null, null, result, LayerHistograms.NONE);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(temp.resolve("run/evaluated"))) {
      return all.map(it -> it.getFileName().toString())
          .filter(it -> !it.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theFilesAreThoseOfTheLastEvaluation() throws IOException {
    RunFolder run = run("");
    List<Evaluated> told = new ArrayList<>();
    ShowEvaluated hook = hook(run, 3, told::add);
    Evaluation.Result result = MeasuredImages.result(CLASSES, 30);
    hook.after(end(0, result), event -> {});
    byte[] before = Files.readAllBytes(temp.resolve("run/evaluated/mistakes.png"));
    hook.after(end(1, null), event -> {});
    hook.after(end(2, result), event -> {});

    assertThat(files())
        .containsExactly("confusion.csv", "mistakes.png", "right.png", "scores.json");
    assertThat(Files.readString(temp.resolve("run/evaluated/confusion.csv")))
        .startsWith("true class (epoch 3),");
    assertThat(temp.resolve("run/evaluated/mistakes.png")).binaryContent().isNotEqualTo(before);
    JsonNode json = new ObjectMapper().readTree(temp.resolve("run/evaluated/scores.json").toFile());
    assertThat(json.get("epoch").asInt()).isEqualTo(3);
    assertThat(json.get("what").asText()).isEqualTo("noise after 3 epochs");
    assertThat(json.get("by_class")).hasSize(CLASSES);
    assertThat(json.get("mistakes").get("images")).hasSize(8);
    assertThat(json.get("mistakes").get("images").get(0).get("loss").asDouble())
        .isEqualTo(result.examples().worst().get(0).loss());
    assertThat(told).extracting(Evaluated::epochs).containsExactly(1, 3);

    Evaluated read = new EvaluatedFolder(run.files(), run.path()).read().orElseThrow();
    assertThat(read.epochs()).isEqualTo(3);
    assertThat(read.pictures()).hasSize(2);
    assertThat(read.pictures().get(0).alt())
        .startsWith("Largest loss after epoch 3: #")
        .contains(MeasuredImages.HOSTILE);
    assertThat(read.byClass()).isEqualTo(result.examples().pairs().accuracies(names()));
    NamedConfusion confusion = read.confusion().orElseThrow();
    assertThat(confusion.unit()).isEqualTo("images");
    assertThat(confusion.counts().stream().flatMap(List::stream).mapToLong(it -> it).sum())
        .isEqualTo(30);
  }

  @Test
  void anObjectStoreHasThemToo() throws IOException {
    RunFolder run = run("objects:");
    EvaluatedFolder folder = new EvaluatedFolder(run.files(), run.path());
    folder.write(MeasuredImages.epoch(1, CLASSES, 30));
    folder.write(MeasuredImages.epoch(2, CLASSES, 30));
    assertThat(folder.read().orElseThrow().epochs()).isEqualTo(2);
    assertThat(folder.read().orElseThrow().pictures()).hasSize(2);
    assertThat(files()).hasSize(4);
  }

  private static List<String> names() {
    return MeasuredImages.names(CLASSES);
  }

  /** A matrix up to 40 classes, a table of values up to 200, pairs for any. */
  @Test
  void manyClassesHavePairs() throws IOException {
    RunFolder run = run("");
    EvaluatedFolder folder = new EvaluatedFolder(run.files(), run.path());
    folder.write(MeasuredImages.epoch(1, 40, 60));
    assertThat(folder.read().orElseThrow().confusion().orElseThrow().counts()).hasSize(40);
    folder.write(MeasuredImages.epoch(1, 201, 300));
    NamedConfusion many = folder.read().orElseThrow().confusion().orElseThrow();
    assertThat(many.counts()).isEmpty();
    assertThat(many.confused()).hasSize(20);
    assertThat(Files.readAllLines(temp.resolve("run/evaluated/confusion.csv"))).hasSize(41);
  }

  @Test
  void theWatchersPictureIsSmall() throws Exception {
    EmbeddedPicture picture = MeasuredImages.told(4).pictures().get(0);
    byte[] jpeg = Base64.getDecoder().decode(picture.base64());
    assertThat(jpeg).hasSizeLessThanOrEqualTo(60_000);
    assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isGreaterThan(300);
    assertThat(picture.alt()).contains("Largest loss after epoch 4", "Right, smallest loss");
  }

  @Test
  void ofManyEvaluationsAHundredAreToldAndTheLastOne() {
    for (int[] run :
        new int[][] {{1, 1}, {1, 3}, {1, 100}, {1, 101}, {1, 270}, {7, 1000}, {5, 7}}) {
      ShowEvaluated.Times times = new ShowEvaluated.Times(run[0], run[1]);
      List<Integer> told = new ArrayList<>();
      for (int done = 1; done <= run[1]; done++) {
        if ((done % run[0] == 0 || done == run[1]) && times.areTold(done)) {
          told.add(done);
        }
      }
      assertThat(told).hasSizeLessThanOrEqualTo(101).contains(run[1]);
      assertThat(told.get(0)).isEqualTo(Math.min(run[0], run[1]));
      if (run[1] <= 100) {
        assertThat(told).hasSize((run[1] + run[0] - 1) / run[0]);
      }
    }
  }

  @Test
  void aFullDiskIsToldOnceAndNothingHalfWrittenIsLeft() throws IOException {
    RunFolder run = run("full:");
    List<Evaluated> told = new ArrayList<>();
    ShowEvaluated hook = hook(run, 3, told::add);
    Evaluation.Result result = MeasuredImages.result(CLASSES, 30);
    FullDisk.left = 8_000;
    List<String> warnings =
        warnings(
            ShowEvaluated.class,
            () -> List.of(0, 1, 2).forEach(i -> hook.after(end(i, result), event -> {})));
    assertThat(warnings)
        .singleElement()
        .asString()
        .isEqualTo(
            "WARN Cannot show what was evaluated in full:"
                + temp
                + "/run/evaluated: No space left on device; the run goes on without");
    assertThat(files())
        .doesNotContain("mistakes.png", "right.png")
        .noneMatch(it -> it.startsWith("."));
    assertThat(told).hasSize(3);
  }

  @Test
  void aFileInTheWayOrAWatcherThatFailsEndsNothing() throws IOException {
    RunFolder run = run("");
    Files.writeString(temp.resolve("run/evaluated"), "");
    Evaluation.Result result = MeasuredImages.result(CLASSES, 30);
    List<Evaluated> told = new ArrayList<>();
    assertThat(
            warnings(
                ShowEvaluated.class,
                () -> hook(run, 1, told::add).after(end(0, result), event -> {})))
        .hasSize(1);
    assertThat(told).hasSize(1);
    Files.delete(temp.resolve("run/evaluated"));
    Consumer<Evaluated> failing =
        it -> {
          throw new IllegalStateException("no bus");
        };
    assertThat(
            warnings(
                ShowEvaluated.class,
                () -> hook(run, 1, failing).after(end(0, result), event -> {})))
        .singleElement()
        .asString()
        .contains("no bus");
    assertThat(files()).hasSize(4);
  }

  @Test
  void whatIsDamagedOrNotThereIsNotShown() throws IOException {
    RunFolder run = run("");
    EvaluatedFolder folder = new EvaluatedFolder(run.files(), run.path());
    assertThat(folder.read()).isEmpty();
    folder.write(MeasuredImages.epoch(2, CLASSES, 30));
    Files.delete(temp.resolve("run/evaluated/right.png"));
    assertThat(folder.read().orElseThrow().pictures()).hasSize(1);
    Path scores = temp.resolve("run/evaluated/scores.json");
    for (String bad :
        List.of(
            "{",
            "[]",
            "{}",
            "{\"epoch\": 1, \"confusion\": {\"unit\": \"images\", \"classes\": [\"a\"],"
                + " \"counts\": [], \"confused\": []}}",
            "{\"epoch\": 1, \"confusion\": 7}")) {
      Files.deleteIfExists(temp.resolve("run/evaluated/.scores.json.crc"));
      Files.writeString(scores, bad);
      List<Optional<Evaluated>> read = new ArrayList<>();
      assertThat(warnings(EvaluatedFolder.class, () -> read.add(folder.read()))).as(bad).hasSize(1);
      assertThat(read.get(0)).isEmpty();
    }
  }

  private static List<String> warnings(Class<?> of, Runnable work) {
    try (CapturedLog log = CapturedLog.of(of)) {
      work.run();
      return log.lines();
    }
  }
}
