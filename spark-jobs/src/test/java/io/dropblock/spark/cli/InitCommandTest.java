package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NamedParameters;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.failure.NotFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trunk of a small classifier of drawn shapes, in a network that segments drawn scenes. */
@ExtendWith(SparkInThisJvm.class)
class InitCommandTest {
  private static final List<String> TINY =
      List.of("model.width=2", "train.world=2", "train.epochs=1", "train.local_batch=4");
  private static final List<String> SCENES =
      List.of("data.size=32", "task.pyramid_filters=4", "task.head_filters=4");

  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private Path classifier;

  @BeforeAll
  static void trainAClassifier() throws IOException {
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    new DrawnShapes(1).write(disk, HadoopPath.of(shared + "/shapes", new Configuration()), 8, 2);
    new DrawnScenes(1).write(disk, HadoopPath.of(shared + "/scenes", new Configuration()), 24, 8);
    for (String images : List.of("shapes", "scenes")) {
      Answer prepared =
          Answer.to("prepare", shared + "/" + images, "--out", shared + "/" + images + "-data");
      assertThat(prepared.error()).isEmpty();
    }
    Answer trained = train("demo", "shapes-data", shared.resolve("classifier"), "--set", "seed=5");
    assertThat(trained.error()).isEmpty();
  }

  @BeforeEach
  void copyTheClassifier() throws IOException {
    classifier = temporary.resolve("classifier");
    copy(shared.resolve("classifier"), classifier);
  }

  @Test
  void aNetworkThatSegmentsBeginsWithTheTrunkOfAClassifier() throws IOException {
    Path run = temporary.resolve("run");
    Answer answer = segment(run, "--init", classifier.toString());
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    String told =
        "Took the trunk of run "
            + classifier
            + " (epoch 1): 45 arrays with 1,414 numbers, moving statistics included; left of it:"
            + " head/softmax/W, head/softmax/b; begin fresh: ";
    assertThat(answer.out()).contains(told);
    assertThat(Files.readAllLines(run.resolve("events.jsonl")))
        .anyMatch(line -> line.contains("\"event\":\"note\"") && line.contains(told));
    assertThat(checkpoint(run, "epoch-0001").manifest().origin().changes())
        .singleElement()
        .asString()
        .startsWith(told);

    Map<String, float[]> source = parameters(checkpoint(classifier, "epoch-0001"));
    Map<String, float[]> fresh = floats(NamedParameters.of(segmentation().network()));
    Map<String, float[]> start = parameters(checkpoint(run, "epoch-0000"));
    assertThat(start).containsOnlyKeys(fresh.keySet());
    start.forEach(
        (name, values) -> {
          boolean trunk = name.startsWith("stem/") || name.startsWith("group");
          assertThat(values).as(name).isEqualTo((trunk ? source : fresh).get(name));
        });
    assertThat(start.get("stem/conv/W")).isNotEqualTo(fresh.get("stem/conv/W"));
    assertThat(start.get("stem/bn/mean")).isNotEqualTo(fresh.get("stem/bn/mean"));
  }

  /** Its last step falls away; what it began with does not. */
  @Test
  void aRunThatIsCutOffInItsFirstEpochGoesOnWithTheTrunk() throws IOException {
    Path run = temporary.resolve("run");
    assertThat(segment(run, "--init", classifier.toString()).error()).isEmpty();
    Map<String, float[]> end = parameters(checkpoint(run, "epoch-0001"));
    assertThat(end.get("stem/conv/W"))
        .isNotEqualTo(parameters(checkpoint(run, "epoch-0000")).get("stem/conv/W"));
    delete(run.resolve("checkpoints/epoch-0001"));
    delete(classifier);
    Answer resumed = segment(run, "--resume");
    assertThat(resumed.error()).isEmpty();
    Map<String, float[]> again = parameters(checkpoint(run, "epoch-0001"));
    end.forEach((name, values) -> assertThat(again.get(name)).as(name).isEqualTo(values));
    assertThat(checkpoint(run, "epoch-0001").manifest().origin().changes()).hasSize(1);
  }

  /** With a recipe but no checkpoint it would go on without the trunk. */
  @Test
  void aRunHasItsFirstCheckpointBeforeItsRecipe() {
    Checkpoint good = checkpoint(classifier, "epoch-0001");
    byte[] numbers = new byte[good.network().parameters().length];
    Arrays.fill(numbers, (byte) 0xff);
    Map<String, byte[]> arrays = new HashMap<>(good.network().arrays());
    arrays.put(NetworkState.PARAMETERS, numbers);
    Checkpoint bad =
        new Checkpoint(
            good.manifest(),
            good.recipe(),
            new NetworkState(good.network().configuration(), arrays));
    Configuration configuration = new Configuration();
    assertThatThrownBy(
            () ->
                RunFolder.create(
                    HadoopPath.of(temporary + "/run", configuration),
                    good.recipe(),
                    Optional.of(bad),
                    configuration))
        .isInstanceOf(NotFiniteException.class);
    assertThat(temporary.resolve("run/recipe.yaml")).doesNotExist();
  }

  @Test
  void aCheckpointIsNamedByItsFolder() throws IOException {
    Path second = classifier.resolve("checkpoints/epoch-0002");
    copy(classifier.resolve("checkpoints/epoch-0001"), second);
    Path manifest = second.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"epochs\":1", "\"epochs\":2")
            .replaceFirst("\"step\":\\d+", "\"step\":" + 2 * steps(manifest)));
    assertThat(read(classifier)).isEqualTo("run " + classifier + " (epoch 1)");
    assertThat(read(second)).isEqualTo("run " + classifier + " (epoch 2)");
    assertThat(read(second.resolveSibling("latest"))).isEqualTo("run " + classifier + " (epoch 2)");

    Files.writeString(
        manifest, Files.readString(manifest).replaceFirst("\"best\":\\{[^}]*\\}", "\"best\":null"));
    assertThat(read(classifier)).isEqualTo("run " + classifier + " (epoch 2)");
  }

  private static int steps(Path manifest) throws IOException {
    return Integer.parseInt(
        Files.readString(manifest).replaceFirst("(?s).*\"steps_per_epoch\":(\\d+).*", "$1"));
  }

  private static String read(Path path) {
    Configuration configuration = new Configuration();
    return TrainedNetwork.read(
            HadoopPath.of(path.toString(), configuration),
            Weights.AVERAGE_IF_ANY,
            configuration,
            line -> {})
        .toString();
  }

  @Test
  void refusesAnotherModelByName() {
    String set = "; set model.family, model.depth and model.width as there, or give another --init";
    Map.of(
            List.of("model.width=3"), "resnet-cifar 8 (width 3)",
            List.of("model.depth=14"), "resnet-cifar 14 (width 2)",
            List.of("model.family=resnet", "model.depth=50", "task.last_level=5"),
                "resnet 50 (width 2)")
        .forEach(
            (changes, model) ->
                assertFails(
                    segment(
                        temporary.resolve("run"),
                        Stream.concat(
                                Stream.of("--init", classifier.toString()),
                                changes.stream().flatMap(one -> Stream.of("--set", one)))
                            .toArray(String[]::new)),
                    "Cannot take the trunk of run "
                        + classifier
                        + " (epoch 1): its model is resnet-cifar 8 (width 2), the recipe's is "
                        + model
                        + set));
  }

  /** The classifier's recipe says that it were of cells. */
  @Test
  void refusesOtherCellsByName() throws IOException {
    List<String> small =
        List.of(
            "data.classes=6", "model.width=4", "model.stem_filters=32", "train.learning_rate=0.01");
    String cells = Recipe.load("cifar10-amoebanet", small).toYaml();
    new EditedCheckpoint(classifier.resolve("checkpoints/epoch-0001"))
        .replace("recipe.yaml", text -> cells);
    String cell = "{operations: [3x3, 1x1], inputs: [0, 1], used: [1, 1, 0]}";
    Map.of(
            "model.stem=imagenet",
            "1 (width 4, stem imagenet of 32)",
            "model.cells=2",
            "2 (width 4, stem cifar of 32)",
            "model.stem_filters=8",
            "1 (width 4, stem cifar of 8)",
            "model.genotype={normal: " + cell + ", reduction: " + cell + "}",
            "1 (width 4, stem cifar of 32, genotype of its own)")
        .forEach(
            (change, model) -> {
              List<String> more = new ArrayList<>(List.of("--init", classifier.toString()));
              small.forEach(one -> more.addAll(List.of("--set", one)));
              more.addAll(List.of("--set", change));
              Path run = temporary.resolve("run");
              assertFails(
                  train("cifar10-amoebanet", "shapes-data", run, more.toArray(String[]::new)),
                  "Cannot take the trunk of run "
                      + classifier
                      + " (epoch 1): its model is amoebanet 1 (width 4, stem cifar of 32), the"
                      + " recipe's is amoebanet "
                      + model
                      + "; set model.family, model.cells, model.width, model.stem,"
                      + " model.stem_filters and model.genotype as there, or give another --init");
              assertThat(run).doesNotExist();
            });
  }

  /** Its recipe says what its arrays are not. */
  @Test
  void refusesATrunkThatDoesNotFit() throws IOException {
    Path folder = classifier.resolve("checkpoints/epoch-0001");
    new EditedCheckpoint(folder)
        .replace("recipe.yaml", text -> text.replace("width: 2", "width: 3"));
    assertFails(
        segment(
            temporary.resolve("run"), "--init", classifier.toString(), "--set", "model.width=3"),
        "Cannot take the trunk of run "
            + classifier
            + " (epoch 1): it does not fit the recipe's: its stem/conv/W is [2, 3, 3, 3] in place"
            + " of [3, 3, 3, 3], and 44 arrays more do not");
    new EditedCheckpoint(folder).replace("recipe.yaml", text -> "seed: none\n");
    assertThat(segment(temporary.resolve("run"), "--init", classifier.toString()).error())
        .startsWith(
            "Cannot take the trunk of run " + classifier + " (epoch 1): its recipe is damaged (")
        .hasLineCount(1);
  }

  @Test
  void refusesWhatHoldsNoTrainedNetwork() throws IOException {
    Path run = temporary.resolve("run");
    Path none = temporary.resolve("none");
    assertFails(
        segment(run, "--init", none.toString()),
        "Cannot open run " + none + ": there is no such folder");
    assertFails(
        segment(run, "--init", shared.resolve("shapes-data").toString()),
        "Cannot open run " + shared.resolve("shapes-data") + ": there is no recipe.yaml in it");
    assertFails(
        segment(run, "--init", classifier.resolve("checkpoints/epoch-0007").toString()),
        "Cannot read checkpoint "
            + classifier
            + "/checkpoints/epoch-0007: there is none; there are epoch-0001");
    delete(classifier.resolve("checkpoints"));
    assertFails(
        segment(run, "--init", classifier.toString()),
        "Cannot read checkpoint "
            + classifier
            + "/checkpoints/best: there is none; a run writes its first one after its first epoch,"
            + " or train.checkpoint_every steps");
    assertThat(run).doesNotExist();
  }

  @Test
  void refusesToResumeAndBegin() {
    Answer answer = segment(classifier, "--init", classifier.toString(), "--resume");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.error())
        .isEqualTo(
            "Cannot use --init with --resume: the run goes on with its own checkpoints, which hold"
                + " the trunk that it took; leave --init out; see ./submit.sh train --help\n");
  }

  /** With DL4J's momentum and loss, under the manifest of that time. */
  @Test
  void takesTheTrunkOfACheckpointOfAnOlderVersion() throws IOException {
    Map<String, float[]> before = parameters(checkpoint(classifier, "epoch-0001"));
    for (int version : new int[] {2, 1}) {
      new EditedCheckpoint(classifier.resolve("checkpoints/epoch-0001")).makeOld(version);
      TakenTrunk taken =
          TakenTrunk.of(
              HadoopPath.of(classifier.toString(), new Configuration()),
              Weights.AVERAGE_IF_ANY,
              recipe("shapes-segmentation", SCENES),
              new Configuration());
      Map<String, float[]> found = floats(NamedParameters.of(taken.network()));
      assertThat(found.get("group3/block0/conv1/W")).isEqualTo(before.get("group3/block0/conv1/W"));
      assertThat(found.get("stem/bn/var")).isEqualTo(before.get("stem/bn/var"));
      assertThat(taken.notes()).singleElement().asString().contains("45 arrays");
    }
  }

  private static RecipeParts segmentation() {
    return new RecipeParts(recipe("shapes-segmentation", SCENES));
  }

  private static Recipe recipe(String name, List<String> more) {
    return Recipe.load(name, Stream.concat(TINY.stream(), more.stream()).toList());
  }

  private static Answer segment(Path run, String... more) {
    Stream<String> sets = SCENES.stream().flatMap(one -> Stream.of("--set", one));
    return train(
        "shapes-segmentation",
        "scenes-data",
        run,
        Stream.concat(sets, Stream.of(more)).toArray(String[]::new));
  }

  private static Answer train(String recipe, String data, Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", recipe, "--data", shared + "/" + data, "--run", run.toString()));
    TINY.forEach(one -> arguments.addAll(List.of("--set", one)));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private static Checkpoint checkpoint(Path run, String name) {
    Configuration configuration = new Configuration();
    return RunFolder.open(HadoopPath.of(run.toString(), configuration), configuration)
        .checkpoints()
        .named(name, line -> {});
  }

  private static Map<String, float[]> parameters(Checkpoint checkpoint) {
    return floats(NamedParameters.of(checkpoint.network().restore()));
  }

  private static Map<String, float[]> floats(NamedParameters parameters) {
    return parameters.values().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> floats(entry.getValue())));
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static void assertFails(Answer answer, String message) {
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.out()).isEmpty();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path target = to.resolve(from.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(target);
        } else {
          Files.copy(one, target);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
