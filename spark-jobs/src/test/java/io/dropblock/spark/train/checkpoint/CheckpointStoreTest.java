package io.dropblock.spark.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.failure.NotFiniteException;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class CheckpointStoreTest {
  @TempDir private java.nio.file.Path temporary;
  private RunFolder folder;
  private CheckpointStore store;

  @BeforeEach
  void createRun() {
    Path path = new Path(temporary.resolve("run with space").toUri());
    folder = RunFolder.create(path, "seed: 1\n", new Configuration());
    store = folder.checkpoints();
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Checkpoint checkpoint = checkpoint(3, null);
    Path written = store.write(checkpoint);
    assertThat(written.getName()).isEqualTo("epoch-0003");
    Checkpoint read = store.named(written.getName(), line -> {});
    assertThat(read.recipe()).isEqualTo("seed: 1\n");
    assertThat(read.network().configuration()).isEqualTo("{}");
    assertThat(read.network().parameters()).isEqualTo(new byte[] {3, 2, 3, 4});
    assertThat(read.network().arrays()).containsOnlyKeys("parameters", "velocity");
    assertThat(read.network().arrays().get("velocity")).isEqualTo(new byte[] {0, 1, 2, 3});
    assertThat(read.manifest().epochs()).isEqualTo(3);
    assertThat(read.manifest().scores()).isEqualTo(TestManifest.SCORES);
    assertThat(read.manifest().files())
        .extracting(Checkpoint.Entry::name)
        .containsExactlyInAnyOrder(
            "recipe.yaml", "configuration.json", "parameters.bin", "velocity.bin");
  }

  @Test
  void theLatestIsTheNewestThatIsWhole() throws IOException {
    assertThat(store.latest(line -> {})).isEmpty();
    store.write(checkpoint(1, null));
    store.write(checkpoint(2, null));
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(2);
    damage("epoch-0002/parameters.bin", new byte[] {2, 2, 3, 5});
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
  }

  @Test
  void damagedOnesAreNotNone() throws IOException {
    store.write(checkpoint(1, null));
    store.write(checkpoint(2, null));
    damage("epoch-0002/parameters.bin", new byte[] {2, 2, 3, 5});
    damage("epoch-0001/parameters.bin", new byte[] {1});
    String message =
        "Cannot use any checkpoint in %s: epoch-0002: parameters.bin does not have its checksum;"
            + " epoch-0001: parameters.bin has 1 byte in place of 4; put back a copy of one, or"
            + " delete that folder to start from the beginning";
    Path checkpoints = new Path(folder.path(), "checkpoints");
    assertThatThrownBy(() -> store.latest(line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(message, checkpoints);
    assertThatThrownBy(() -> store.takeToResume(line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(message, checkpoints);
    assertThat(names()).containsExactly("epoch-0001", "epoch-0002");
  }

  @Test
  void damagedOnesAreSetAsideAndToldOf() throws IOException {
    store.write(checkpoint(1, null));
    List<String> told = new ArrayList<>();
    for (int time = 0; time < 2; time++) {
      store.write(checkpoint(2, null));
      damage("epoch-0002/recipe.yaml", new byte[] {2});
      assertThat(store.takeToResume(told::add).orElseThrow().manifest().epochs()).isEqualTo(1);
    }
    assertThat(told)
        .containsExactly(
            "Passed over checkpoint epoch-0002: recipe.yaml has 1 byte in place of 8, and took"
                + " epoch-0001; it is kept as _aside.epoch-0002",
            "Passed over checkpoint epoch-0002: recipe.yaml has 1 byte in place of 8, and took"
                + " epoch-0001; it is kept as _aside.epoch-0002.2");
    store.write(checkpoint(2, null));
    store.deleteHalfWritten();
    store.prune(1, null);
    assertThat(names()).containsExactly("_aside.epoch-0002", "_aside.epoch-0002.2", "epoch-0002");
  }

  @Test
  void whoOnlyReadsChangesNothing() throws IOException {
    store.write(checkpoint(1, null));
    store.write(checkpoint(2, null));
    damage("epoch-0002/manifest.json", new byte[] {'{'});
    List<String> told = new ArrayList<>();
    assertThat(store.named("latest", told::add).manifest().epochs()).isEqualTo(1);
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("Passed over checkpoint epoch-0002: manifest.json is none: ")
        .endsWith(", and took epoch-0001");
    assertThat(names()).containsExactly("epoch-0001", "epoch-0002");
  }

  @Test
  void oneThatIsNotWholeDoesNotCountAsKept() throws IOException {
    for (int epochs = 1; epochs <= 3; epochs++) {
      store.write(checkpoint(epochs, null));
    }
    Files.delete(local("epoch-0002/velocity.bin"));
    store.prune(2, null);
    assertThat(names()).containsExactly("_aside.epoch-0002", "epoch-0001", "epoch-0003");
  }

  /** Of whose ranks each had a stream. */
  @Test
  void readsOneOfVersion3() throws IOException {
    store.write(checkpoint(1, null));
    String manifest = Files.readString(local("epoch-0001/manifest.json"));
    assertThat(manifest).contains("\"version\":4", ",\"streams\":2");
    Files.writeString(
        local("epoch-0001/manifest.json"),
        manifest.replace("\"version\":4", "\"version\":3").replace(",\"streams\":2", ""));
    assertThat(store.takeToResume(line -> {}).orElseThrow().manifest())
        .satisfies(
            read -> {
              assertThat(read.scores()).isEqualTo(TestManifest.SCORES);
              assertThat(read.origin().world()).isEqualTo(2);
              assertThat(read.origin().streams()).isEqualTo(2);
            });
  }

  @Test
  void refusesOneOfALaterVersionRatherThanTakeAnOlderOne() throws IOException {
    store.write(checkpoint(1, null));
    store.write(checkpoint(2, null));
    String manifest = Files.readString(local("epoch-0002/manifest.json"));
    Files.writeString(
        local("epoch-0002/manifest.json"), manifest.replace("\"version\":4", "\"version\":5"));
    assertThatThrownBy(() -> store.takeToResume(line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith(
            "epoch-0002: its version is 5, and this program reads 1 to 4; use the one that wrote it");
  }

  @Test
  void holdsNoNumberThatIsNotFinite() {
    assertThatThrownBy(() -> store.write(notFinite(2)))
        .isInstanceOf(NotFiniteException.class)
        .hasMessage("parameter 'W' of 'out' is not finite after step 20");
    assertThat(temporary.resolve("run with space/checkpoints")).doesNotExist();
  }

  /** As an older version wrote it. */
  @Test
  void oneThatIsNotFiniteIsRefusedOrPassedOver() throws IOException {
    store.write(checkpoint(1, null));
    Checkpoint notFinite = notFinite(2);
    new CheckpointFiles(folder.files(), new Path(folder.path(), "checkpoints/epoch-0002"))
        .write(notFinite.manifest(), notFinite.recipe(), notFinite.network());
    for (String name : List.of("latest", "epoch-0002")) {
      assertThatThrownBy(() -> store.named(name, line -> {}))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "Cannot use checkpoint %s/checkpoints/epoch-0002: parameter 'W' of 'out' is not"
                  + " finite",
              folder.path());
    }
    List<String> told = new ArrayList<>();
    assertThat(store.takeToResume(told::add).orElseThrow().manifest().epochs()).isEqualTo(1);
    assertThat(told)
        .containsExactly(
            "Passed over checkpoint epoch-0002: parameter 'W' of 'out' is not finite, and took"
                + " epoch-0001; it is kept as _aside.epoch-0002");
  }

  private static Checkpoint notFinite(int epochs) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(2)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "in")
                .setOutputs("out")
                .build());
    network.init();
    network.params().putScalar(1, Float.NaN);
    Checkpoint whole = checkpoint(epochs, null);
    return new Checkpoint(whole.manifest(), whole.recipe(), NetworkState.of(network));
  }

  @Test
  void namesThoseThatAreThere() throws IOException {
    assertThatThrownBy(() -> store.named("latest", line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot read checkpoint %s/checkpoints/latest: there is none; a run writes its first one"
                + " after its first epoch, or train.checkpoint_every steps",
            folder.path());
    store.write(checkpoint(1, null));
    store.write(within(1, 4));
    for (String name : List.of("epoch-0009", "../checkpoints/epoch-0001")) {
      assertThatThrownBy(() -> store.named(name, line -> {}))
          .isInstanceOf(TrainingException.class)
          .hasMessageEndingWith(
              name.substring(name.length() - 10)
                  + ": there is none; there are epoch-0001-step-00000004, epoch-0001");
    }
  }

  @Test
  void saysWhatIsWrongWithADamagedCheckpoint() throws IOException {
    Path written = store.write(checkpoint(1, null));
    damage("epoch-0001/parameters.bin", new byte[] {9, 9, 9, 9});
    assertThatThrownBy(() -> store.named(written.getName(), line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "Cannot read checkpoint %s: parameters.bin does not have its checksum",
                written));
    damage("epoch-0001/parameters.bin", new byte[] {9});
    assertThatThrownBy(() -> store.named(written.getName(), line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith("parameters.bin has 1 byte in place of 4");
    Files.delete(local("epoch-0001/manifest.json"));
    assertThatThrownBy(() -> store.named(written.getName(), line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith("it has no manifest.json");
  }

  /** As a disk leaves it: Jackson takes it for UTF-32, which is no fault of the disk's now. */
  @Test
  void aManifestOfAnythingIsDamaged() throws IOException {
    store.write(checkpoint(1, null));
    store.write(checkpoint(2, null));
    for (byte[] anything :
        List.of(
            new byte[] {0, 0, 0, -1, 97, 98, 99, 100, 101},
            "{\"version\":1,\"files\":[null],\"epochs\":2,\"step\":20,\"steps_per_epoch\":10}"
                .getBytes(StandardCharsets.UTF_8))) {
      damage("epoch-0002/manifest.json", anything);
      assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
    }
  }

  @Test
  void aHalfWrittenCheckpointIsNone() throws IOException {
    store.write(checkpoint(1, null));
    Files.createDirectories(local("_tmp.epoch-0002.0123"));
    Files.write(local("_tmp.epoch-0002.0123/parameters.bin"), new byte[] {1});
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
    store.write(checkpoint(2, null));
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(2);
    store.deleteHalfWritten();
    assertThat(names()).containsExactly("epoch-0001", "epoch-0002");
  }

  @Test
  void theLatestMayBeWithinAnEpoch() throws IOException {
    store.write(checkpoint(1, null));
    store.write(within(1, 4));
    assertThat(names()).containsExactly("epoch-0001", "epoch-0001-step-00000004");
    Checkpoint.Manifest latest = store.latest(line -> {}).orElseThrow().manifest();
    assertThat(latest.step()).isEqualTo(14);
    assertThat(latest.stepsWithinEpoch()).isEqualTo(4);
    damage("epoch-0001-step-00000004/parameters.bin", new byte[] {9, 9, 9, 9});
    assertThat(store.latest(line -> {}).orElseThrow().manifest().step()).isEqualTo(10);
  }

  /** Of an epoch that was stopped before it was measured. */
  @Test
  void allStepsOfAnEpochMayBeDone() throws IOException {
    store.write(checkpoint(1, null));
    store.write(within(1, 10));
    Checkpoint.Manifest latest = store.latest(line -> {}).orElseThrow().manifest();
    assertThat(latest.step()).isEqualTo(20);
    assertThat(latest.stepsWithinEpoch()).isEqualTo(10);
    store.write(checkpoint(2, null));
    assertThat(store.latest(line -> {}).orElseThrow().manifest().stepsWithinEpoch()).isZero();
  }

  @Test
  void refusesCountersThatDoNotFit() throws IOException {
    Path written = store.write(checkpoint(1, null));
    String manifest = Files.readString(local("epoch-0001/manifest.json"));
    Files.writeString(
        local("epoch-0001/manifest.json"), manifest.replace("\"step\":10", "\"step\":21"));
    assertThatThrownBy(() -> store.named(written.getName(), line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith("its step 21 is not one of epoch 2, with 10 steps each");
  }

  @Test
  void refusesToStartARunOverAnother() {
    assertThatThrownBy(() -> RunFolder.create(folder.path(), "seed: 2\n", new Configuration()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "Cannot start a run in %s: it holds one already; add --resume to go on with it",
                folder.path()));
  }

  @Test
  void refusesToOpenWhatIsNoRun() {
    Path nothing = new Path(temporary.resolve("nothing").toUri());
    assertThatThrownBy(() -> RunFolder.open(nothing, new Configuration()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            String.format(Locale.ROOT, "Cannot open run %s: there is no such folder", nothing));
  }

  @Test
  void refusesARunFolderThatCannotBeWritten() throws IOException {
    java.nio.file.Path file = Files.createFile(temporary.resolve("file"));
    Path below = new Path(file.resolve("run").toUri());
    assertThatThrownBy(() -> RunFolder.create(below, "seed: 1\n", new Configuration()))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("Cannot write to run folder " + below + ": ");
  }

  private void damage(String name, byte[] bytes) throws IOException {
    Files.write(local(name), bytes);
  }

  private java.nio.file.Path local(String name) {
    return temporary.resolve("run with space/checkpoints").resolve(name);
  }

  private List<String> names() throws IOException {
    try (Stream<java.nio.file.Path> paths =
        Files.list(temporary.resolve("run with space/checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  static Checkpoint within(int epochs, int steps) {
    Checkpoint begin = checkpoint(epochs, null);
    return new Checkpoint(
        begin.manifest().at(10L * epochs + steps), begin.recipe(), begin.network());
  }

  static Checkpoint checkpoint(int epochs, Best best) {
    return new Checkpoint(
        TestManifest.after(epochs, best),
        "seed: 1\n",
        new NetworkState(
            "{}",
            Map.of(
                "parameters", new byte[] {(byte) epochs, 2, 3, 4},
                "velocity", new byte[] {0, 1, 2, 3})));
  }
}
