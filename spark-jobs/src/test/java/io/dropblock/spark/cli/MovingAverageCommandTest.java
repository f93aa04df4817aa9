package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A run that keeps a moving average of its weights, and what commands make of it. */
@ExtendWith(SparkInThisJvm.class)
class MovingAverageCommandTest {
  private static final List<String> TINY =
      List.of(
          "train.local_batch=4",
          "model.width=2",
          "train.world=2",
          "train.epochs=2",
          "train.averaging.every=1");
  private static final String AVERAGED = "train.moving_average={decay: 0.5, evaluate: both}";

  @TempDir private static Path folder;
  private static Answer trained;

  @BeforeAll
  static void train() throws IOException {
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            HadoopPath.of(path("images"), new Configuration()),
            12,
            3);
    assertThat(Answer.to("prepare", path("images"), "--out", path("data")).status()).isZero();
    trained = train("run", List.of(AVERAGED));
    assertThat(trained.error()).isEmpty();
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Answer train(String run, List<String> settings, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "demo", "--data", path("data"), "--run", path(run)));
    TINY.forEach(one -> arguments.addAll(List.of("--set", one)));
    settings.forEach(one -> arguments.addAll(List.of("--set", one)));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  @Test
  void tellsBothInTableAndEvents() throws IOException {
    assertThat(trained.out()).containsPattern("loss +top-1 % .*raw top-1 %");
    RunFolder run = run("run");
    List<RunEvent> events = EventLog.read(run.files(), run.events());
    assertThat(events)
        .filteredOn(RunEvent.Epoch.class::isInstance)
        .hasSize(2)
        .allSatisfy(
            event -> {
              Scores scores = ((RunEvent.Epoch) event).scores();
              assertThat(scores.primary().name()).isEqualTo("top-1");
              assertThat(scores.value("raw top-1")).isPresent();
            });
  }

  /** Of a checkpoint whose average is all zeros, the weights being those that training measured. */
  @Test
  void evaluateMeasuresWhatItSays() {
    Checkpoint last = checkpoint("run");
    Map<String, byte[]> arrays = new LinkedHashMap<>(last.network().arrays());
    arrays.replace(NetworkState.AVERAGE, new byte[arrays.get(NetworkState.AVERAGE).length]);
    RunFolder.create(
        HadoopPath.of(path("edited"), new Configuration()),
        last.recipe(),
        Optional.of(
            new Checkpoint(
                last.manifest(),
                last.recipe(),
                new NetworkState(last.network().configuration(), arrays))),
        new Configuration());
    double score = last.manifest().scores().value("raw top-1").orElseThrow();
    String raw = ": " + new Scores.Score("top-1", score).text() + ",";
    assertThat(evaluate("edited", "--weights", "raw").out())
        .contains("demo after 2 epochs, raw weights" + raw);
    String average = evaluate("edited").out();
    assertThat(average)
        .contains("demo after 2 epochs, moving average of the weights: top-1 ")
        .doesNotContain(raw);
    assertThat(evaluate("edited", "--weights", "average").out())
        .contains(average.lines().filter(line -> line.contains("top-1")).findFirst().orElseThrow());
    assertThat(evaluate("edited", "--weights", "last").error())
        .startsWith("Cannot use --weights last: it is none of average, raw");
  }

  private static Answer evaluate(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("evaluate", path(run), "--data", path("data")));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  @Test
  void aTrunkIsTakenFromEither() {
    NetworkState state = checkpoint("run", "best").network();
    for (String weights : List.of("average", "raw")) {
      String name = "from-" + weights;
      Answer answer =
          train(
              name,
              List.of("train.moving_average={decay: 0.1, every: 9}", "train.epochs=1"),
              weights.equals("raw")
                  ? new String[] {"--init", path("run"), "--weights", "raw"}
                  : new String[] {"--init", path("run")});
      assertThat(answer.error()).isEmpty();
      String told = weights.equals("raw") ? "raw weights" : "moving average of the weights";
      assertThat(answer.out()).containsPattern("Took the trunk of run .*, " + told + "\\): ");
      NetworkState begun = checkpoint(name, "epoch-0000").network();
      NetworkState expected = weights.equals("raw") ? state.raw() : state.averaged();
      // of its own average, too: that begins as the weights
      for (NetworkState one : List.of(begun.raw(), begun.averaged())) {
        assertThat(kernel(one)).isEqualTo(kernel(expected));
      }
      // of nine steps the last one's weights are taken in, at the recipe's decay
      NetworkState end = checkpoint(name, "epoch-0001").network();
      float[] average = kernel(end.averaged());
      for (int i = 0; i < average.length; i++) {
        assertThat(average[i])
            .isCloseTo(.1f * kernel(expected)[i] + .9f * kernel(end.raw())[i], within(1e-6f));
      }
    }
    assertThat(kernel(state.raw())).isNotEqualTo(kernel(state.averaged()));
  }

  private static float[] kernel(NetworkState state) {
    return state.restore().getParam("group3/block0/conv1_W").dup().data().asFloat();
  }

  @Test
  void refusesWhatCannotBe() {
    String run = path("without");
    assertThat(train("without", List.of("train.epochs=1")).error()).isEmpty();
    assertThat(checkpoint("without").network().hasAverage()).isFalse();
    assertThat(evaluate("without", "--weights", "average").error())
        .isEqualTo(
            "Cannot take the moving average of the weights of run "
                + run
                + ": it kept none (train.moving_average); leave --weights out\n");
    Path json = folder.resolve("scores.json");
    Path matrix = folder.resolve("confusion.csv");
    Answer measured =
        evaluate("without", "--json", json.toString(), "--confusion", matrix.toString());
    assertThat(measured.out()).contains("demo after 1 epoch: top-1");
    assertThat(json).content().contains("\"what\" : \"demo after 1 epoch\"", "\"top-1\"");
    assertThat(matrix).content().startsWith("true class,");
    assertThat(train("without", List.of(AVERAGED), "--resume").error())
        .startsWith(
            "Cannot resume run "
                + run
                + ": train.moving_average.decay nothing -> 0.5, train.moving_average.every nothing"
                + " -> 1 cannot change within a run");
    assertThat(train("new", List.of(), "--weights", "raw").error())
        .startsWith("Cannot use --weights raw without --init");
    assertThat(train("new", List.of("train.moving_average={decay: 0.5, every: 1000}")).error())
        .matches(
            "Cannot average weights every 1000 steps \\(train.moving_average.every\\): an epoch has"
                + " \\d+, and they are counted within each\n");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  /** The second epoch falls away, and is trained again. */
  @Test
  void aRunThatIsCutOffGoesOnAsIfItWereNot() throws IOException {
    assertThat(train("cut", List.of(AVERAGED)).error()).isEmpty();
    NetworkState end = checkpoint("cut").network();
    assertThat(end.arrays()).containsOnlyKeys("parameters", "velocity", "average");
    assertThat(end.arrays()).containsExactlyEntriesOf(checkpoint("run").network().arrays());
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    assertThat(disk.delete(HadoopPath.of(path("cut/checkpoints/epoch-0002"), disk.getConf()), true))
        .isTrue();
    assertThat(train("cut", List.of(AVERAGED), "--resume").error()).isEmpty();
    assertThat(checkpoint("cut").network().arrays()).containsExactlyEntriesOf(end.arrays());
  }

  private static Checkpoint checkpoint(String run) {
    return checkpoint(run, "latest");
  }

  private static Checkpoint checkpoint(String run, String name) {
    return run(run).checkpoints().named(name, line -> {});
  }

  private static RunFolder run(String name) {
    return RunFolder.open(HadoopPath.of(path(name), new Configuration()), new Configuration());
  }
}
