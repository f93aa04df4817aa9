package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user types them, on a Spark inside this JVM. */
@ExtendWith(SparkInThisJvm.class)
class CommandLineTest {
  private static final List<String> TINY =
      List.of(
          "--set", "train.epochs=3",
          "--set", "train.local_batch=16",
          "--set", "train.averaging.every=2",
          "--set", "model.width=4",
          "--set", "train.world=2");

  @TempDir private static Path shared;
  @TempDir private Path temporary;

  @BeforeAll
  static void prepareImages() throws IOException {
    LocalFileSystem files = org.apache.hadoop.fs.FileSystem.getLocal(new Configuration());
    new DrawnShapes(1)
        .write(files.getRaw(), new org.apache.hadoop.fs.Path(images().toString()), 24, 6);
    Answer answer = Answer.to("prepare", images().toString(), "--out", data().toString());
    assertThat(answer.out()).contains("6 classes, 144 images to train on, 36 to validate on");
    assertThat(answer.status()).isZero();
  }

  private static Path images() {
    return shared.resolve("images");
  }

  private static Path data() {
    return shared.resolve("data");
  }

  @Test
  void trainsEvaluatesAndResumes() throws IOException {
    Path whole = temporary.resolve("whole");
    String[] accumulated = {"--set", "train.local_batch=8", "--set", "train.slots=4"};
    Answer trained = train("demo", data(), whole, accumulated);
    assertThat(trained.error()).isEmpty();
    assertThat(trained.status()).isZero();
    assertThat(trained.out())
        .contains("2 ranks, global batch 32, epochs 1 to 3 of 4 steps")
        .contains("epoch 3/3")
        .contains("keep_prob 0.9")
        .containsPattern("\nBest: epoch \\d, top-1 \\d+\\.\\d\\d %\n")
        .endsWith(
            "Next:       ./submit.sh evaluate "
                + whole
                + " --data "
                + data()
                + " --checkpoint best\n");
    assertThat(Files.readAllLines(whole.resolve("events.jsonl")))
        .filteredOn(line -> line.contains("\"event\":\"epoch\""))
        .hasSize(3);

    Answer evaluated =
        Answer.to(
            "evaluate", whole.toString(), "--data", data().toString(), "--checkpoint", "best");
    assertThat(evaluated.status()).isZero();
    assertThat(evaluated.out()).contains("top-1").contains("36 images");
    assertThat(evaluated.out().lines().filter(line -> line.startsWith("  accuracy "))).hasSize(6);

    try (FolderLock held =
        RunFolder.open(new org.apache.hadoop.fs.Path(whole.toString()), new Configuration())
            .lock()) {
      held.check();
      String[] again =
          Stream.concat(Stream.of("--resume", "--set", "train.epochs=4"), Stream.of(accumulated))
              .toArray(String[]::new);
      Answer refused = train("demo", data(), whole, again);
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.error())
          .startsWith(
              "Cannot train in run folder " + whole + ": another train is writing it (process ");
    }

    Path resumed = temporary.resolve("resumed");
    copyUntilFirstCheckpoint(whole, resumed);
    Answer goneOn =
        train(
            "demo",
            data(),
            resumed,
            Stream.concat(Stream.of("--resume"), Stream.of(accumulated)).toArray(String[]::new));
    assertThat(goneOn.status()).isZero();
    assertThat(goneOn.out()).contains("epochs 2 to 3").doesNotContain("epoch 1/3");
    assertThat(Arrays.equals(parameters(resumed), parameters(whole))).as("bit-equal").isTrue();
    assertThat(Files.readAllLines(resumed.resolve("events.jsonl")))
        .filteredOn(line -> line.contains("\"event\":\"epoch\""))
        .hasSize(3);
  }

  /** What a driver leaves that was killed in its second epoch. */
  private static void copyUntilFirstCheckpoint(Path from, Path to) throws IOException {
    Path checkpoint = Path.of("checkpoints/epoch-0001");
    Files.createDirectories(to.resolve(checkpoint));
    Files.copy(from.resolve("recipe.yaml"), to.resolve("recipe.yaml"));
    List<String> events = Files.readAllLines(from.resolve("events.jsonl"));
    Files.write(to.resolve("events.jsonl"), events.subList(0, events.size() - 2));
    try (Stream<Path> files = Files.list(from.resolve(checkpoint))) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(checkpoint).resolve(file.getFileName()));
      }
    }
    Path halfWritten = to.resolve("checkpoints/_tmp.epoch-0002");
    Files.createDirectories(halfWritten);
    Files.write(halfWritten.resolve("parameters.bin"), new byte[] {1});
  }

  private static byte[] parameters(Path run) {
    RunFolder folder =
        RunFolder.open(new org.apache.hadoop.fs.Path(run.toString()), new Configuration());
    CheckpointStore store = folder.checkpoints();
    return store.named("epoch-0003", line -> {}).network().parameters();
  }

  @Test
  void namesAMissingDataPath() {
    assertFails(
        Answer.to("prepare", temporary.resolve("nothing").toString(), "--out", out()),
        "Cannot list images in "
            + temporary.resolve("nothing")
            + ": there is no such file or folder");
    assertFails(
        train("demo", temporary.resolve("nothing"), temporary.resolve("run")),
        "Cannot read data set "
            + temporary.resolve("nothing")
            + ": it has no manifest.json, prepare it first");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void namesAnUnknownRecipeKeyAndTheNearest() {
    Answer answer = train("demo", data(), temporary.resolve("run"), "--set", "train.epoch=3");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error()).contains("train.epoch").contains("did you mean train.epochs");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void refusesARecipeForAnotherNumberOfClasses() {
    assertFails(
        train("cifar10-resnet20", data(), temporary.resolve("run")),
        "Cannot use data set "
            + data()
            + " for cifar10-resnet20: it has 6 classes, the recipe 10 (data.classes)");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void refusesADataSetForAnotherTask() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    for (String file : List.of("manifest.json", "train-00000.parquet", "val-00000.parquet")) {
      Files.copy(data().resolve(file), other.resolve(file));
    }
    Path manifest = other.resolve("manifest.json");
    String text = Files.readString(manifest).replace("\"classification\"", "\"detection\"");
    Files.writeString(manifest, text);
    assertFails(
        train("demo", other, temporary.resolve("run")),
        "Cannot use data set "
            + other
            + " for demo: it is for detection, the recipe's network for classification");
  }

  @Test
  void refusesWrongKeepProbabilityAndBlockSizeTogether() {
    Answer answer =
        train(
            "demo",
            data(),
            temporary.resolve("run"),
            "--set",
            "dropblock.keep_probability=1.2",
            "--set",
            "dropblock.block_size=0");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error())
        .contains("dropblock.keep_probability must be above 0 and at most 1")
        .contains("dropblock.block_size must be positive");
  }

  @Test
  void refusesOutputThatCannotBeWritten() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    Answer prepared =
        Answer.to("prepare", images().toString(), "--out", file.resolve("data").toString());
    assertThat(prepared.status()).isEqualTo(1);
    assertThat(prepared.error()).hasLineCount(1).startsWith("Cannot write data set to ");
    Answer trained = train("demo", data(), file.resolve("run"));
    assertThat(trained.status()).isEqualTo(1);
    assertThat(trained.error()).hasLineCount(1).startsWith("Cannot write to run folder ");
  }

  @Test
  void refusesToResumeTheRunOfAnotherModel() throws IOException {
    Path run = temporary.resolve("run");
    train("demo", data(), run, "--set", "train.epochs=1");
    Answer answer =
        train(
            "demo", data(), run, "--resume", "--set", "train.epochs=1", "--set", "model.depth=14");
    assertFails(
        answer,
        "Cannot resume run "
            + run
            + ": model.depth 8 -> 14 cannot change within a run; give it the value it had, or begin"
            + " another run (docs/how-to/recover-and-resume.md says which keys may change)");
    Answer again = train("demo", data(), run, "--set", "train.epochs=1");
    assertFails(
        again,
        "Cannot start a run in " + run + ": it holds one already; add --resume to go on with it");
  }

  @Test
  void aCheckpointOfAnotherModelIsRefused() throws IOException {
    Path small = temporary.resolve("small");
    train("demo", data(), small, "--set", "train.epochs=1", "--set", "model.width=2");
    Path run = temporary.resolve("run");
    train("demo", data(), run, "--set", "train.epochs=1");
    Path stolen = run.resolve("checkpoints/epoch-0001");
    try (Stream<Path> files = Files.list(small.resolve("checkpoints/epoch-0001"))) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            stolen.resolve(file.getFileName()),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Answer answer = train("demo", data(), run, "--resume", "--set", "train.epochs=2");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error()).hasLineCount(1).contains("its checkpoint is of another model");
  }

  @Test
  void describesANetworkWithoutACluster() {
    Answer answer = Answer.to("describe", "imagenet-resnet50-dropblock");
    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("ResNet-50")
        .contains("25,557,032")
        .contains("4,089,184,256")
        .contains("36 DropBlock sites; at the start, in the middle and at the end of the training")
        .contains(
            "Global batch 1024: 8 slots x 128 images, shared out by as many ranks as there are task"
                + " slots, at most 8")
        // gamma on a map of 14 at keep probabilities 1, 0.95 and 0.9: linear
        .containsPattern(
            "group4/block0/dropblock1 +512x14x14 +7x7 +1.0000 0.9500 0.9000"
                + " +0.000e\\+00 3.125e-03 6.250e-03 +0.9071")
        .containsPattern("Activations that a rank keeps for the way back: at most [\\d,]+ MiB")
        .contains("Learning rate over 270 epochs, logarithmic", "    0.4000 |");
  }

  @Test
  void describesTheGlobalBatch() {
    Answer fixed = describe("train.slots=0", "train.world=4", "train.accumulation=8");
    assertThat(fixed.out()).contains("Global batch 512: 4 ranks x 16 images x accumulation 8");
    Answer open = describe("train.slots=0", "train.accumulation=8");
    assertThat(open.out()).contains("Global batch 128 a task slot: 16 images x accumulation 8");
    Answer slots = describe("train.slots=8", "train.world=3", "train.averaging.every=1");
    assertThat(slots.out())
        .contains(
            "Global batch 128: 8 slots x 16 images, shared out by 3 ranks with 2 or 3 each\n");
    assertThat(describe("train.world=2", "train.averaging.every=15").out())
        .contains(
            "Global batch 32: 2 slots x 16 images, shared out by 2 ranks with 1 each; the result"
                + " depends on how many, as they go own ways between two averagings\n");
  }

  private static Answer describe(String... settings) {
    return Answer.to(
        Stream.concat(
                Stream.of("describe", "demo"),
                Stream.of(settings).flatMap(one -> Stream.of("--set", one)))
            .toArray(String[]::new));
  }

  @Test
  void describesThePapersComparisons() {
    Answer path =
        Answer.to(
            "describe",
            "imagenet-resnet50-dropblock",
            "--set",
            "dropblock.kind=drop-path",
            "--set",
            "dropblock.sites=[branch]");
    assertThat(path.out())
        .contains("25,557,032")
        .contains("9 DropPath sites; at the start")
        .containsPattern("group3/block0/drop-path +1024x14x14 +sample +1.0000 0.9875 0.9750");
    Answer channels =
        Answer.to(
            "describe", "imagenet-resnet50-dropblock", "--set", "dropblock.kind=spatial-dropout");
    assertThat(channels.out())
        .contains("36 SpatialDropout sites; at the start")
        .containsPattern("group3/block0/dropblock1 +256x28x28 +28x28 ");
  }

  @Test
  void wrongUsageIsOneLine() {
    Answer unknown = Answer.to("train", "demo", "--dta", "x");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.error()).hasLineCount(1).contains("see ./submit.sh train --help");
    Answer block = Answer.to("prepare", images().toString(), "--out", out(), "--block", "10");
    assertThat(block.status()).isEqualTo(2);
    assertThat(block.error().strip())
        .isEqualTo(
            "Invalid block size: 10 records are not in 64 to 256; see ./submit.sh prepare --help");
  }

  @Test
  void refusesToEvaluateOnNoImages() {
    Answer prepared =
        Answer.to(
            "prepare", images().resolve("train").toString(), "--out", out(), "--hold-out", "0");
    assertThat(prepared.status()).isZero();
    assertFails(
        train("demo", Path.of(out()), temporary.resolve("run")),
        "Cannot evaluate on " + out() + ": it has no validation images, prepare it with some");
    assertThat(temporary.resolve("run")).doesNotExist();
  }

  @Test
  void everyCommandExplainsItselfWithAnExample() {
    for (String command : List.of("prepare", "train", "evaluate", "describe", "demo")) {
      Answer answer = Answer.to(command, "--help");
      assertThat(answer.status()).isZero();
      assertThat(answer.out()).containsPattern("Examples?:").contains("./submit.sh " + command);
    }
  }

  private String out() {
    return temporary.resolve("out").toString();
  }

  private static void assertFails(Answer answer, String message) {
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(1);
  }

  private static Answer train(String recipe, Path data, Path run, String... more) {
    List<String> arguments =
        Stream.of(
                List.of("train", recipe, "--data", data.toString(), "--run", run.toString()),
                recipe.equals("demo") ? TINY : List.<String>of(),
                List.of(more))
            .flatMap(List::stream)
            .toList();
    return Answer.to(arguments.toArray(String[]::new));
  }
}
