package io.dropblock.spark.cli;

import static io.dropblock.spark.cli.TinyRun.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A run of one epoch, gone on with in many ways. */
@ExtendWith(SparkInThisJvm.class)
class ResumeCommandTest {
  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private Path run;

  @BeforeAll
  static void trainOneEpoch() throws IOException {
    TinyRun.prepare(shared);
    assertThat(new TinyRun(data(), shared.resolve("run")).train("--set", "train.epochs=1").status())
        .isZero();
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    run = temporary.resolve("run");
    TinyRun.copy(shared.resolve("run"), run);
  }

  private static Path data() {
    return shared.resolve("data");
  }

  /** A checkpoint has a recipe, too: a run was begun in it from the beginning. */
  @Test
  void takesNoCheckpointForARun() throws IOException {
    Path checkpoint = run.resolve("checkpoints/epoch-0001");
    String refused =
        "Cannot use "
            + checkpoint
            + " as a run folder: it is a checkpoint of one; the run folder is "
            + run
            + "\n";
    assertThat(train(checkpoint, "--resume").error()).isEqualTo(refused);
    assertThat(train(checkpoint).error()).isEqualTo(refused);
    assertThat(Answer.to("evaluate", checkpoint.toString(), "--data", data().toString()).error())
        .isEqualTo(refused);
    assertThat(checkpoint.resolve("events.jsonl")).doesNotExist();
  }

  @Test
  void saysWhereTheRunIs() {
    assertThat(train(run.resolve("checkpoints"), "--resume").error())
        .isEqualTo(
            "Cannot open run "
                + run.resolve("checkpoints")
                + ": there is no recipe.yaml in it, but in "
                + run
                + "\n");
    assertThat(train(temporary, "--resume").error())
        .isEqualTo(
            "Cannot open run "
                + temporary
                + ": there is no recipe.yaml in it, but in "
                + run
                + "\n");
  }

  /** Checkpoints were written over. */
  @Test
  void beginsNoRunAmongCheckpointsWithoutARecipe() throws IOException {
    Files.delete(run.resolve("recipe.yaml"));
    String copy = "but no recipe.yaml; put back a copy, each checkpoint holds one";
    assertThat(train(run).error())
        .isEqualTo(
            "Cannot start a run in "
                + run
                + ": it holds checkpoints of one, "
                + copy
                + ", and add --resume\n");
    assertThat(train(run, "--resume").error())
        .isEqualTo("Cannot open run " + run + ": it holds checkpoints, " + copy + "\n");
  }

  @Test
  void saysThatTheRecipeIsDamaged() throws IOException {
    for (byte[] damaged : List.of(new byte[9], "train: [\n".getBytes(UTF_8))) {
      Files.write(run.resolve("recipe.yaml"), damaged);
      assertThat(train(run, "--resume").error())
          .startsWith(
              "Cannot resume run "
                  + run
                  + ": "
                  + run
                  + "/recipe.yaml is damaged (Cannot read recipe: ")
          .endsWith("); put back a copy of it: each checkpoint holds one\n")
          .hasLineCount(1);
    }
  }

  @Test
  void saysThatItsDataFileIsDamaged() throws IOException {
    for (byte[] damaged : List.of("null".getBytes(UTF_8), new byte[] {0, 0, 0, -1, 9, 9, 9, 9})) {
      Files.write(run.resolve("data.json"), damaged);
      assertThat(train(run, "--resume", "--set", "train.epochs=2").error())
          .isEqualTo(
              "Cannot read "
                  + run
                  + "/data.json: it is damaged; delete it if you are sure that --data is what the"
                  + " run was begun with\n");
    }
  }

  @Test
  void aClassifierFindsNoObjects() {
    String file = temporary.resolve("found.json").toString();
    Answer answer =
        Answer.to(
            "evaluate", run.toString(), "--data", data().toString(), "--detections-out", file);
    assertThat(answer.error())
        .isEqualTo(
            "Cannot write --detections-out "
                + file
                + ": run "
                + run
                + " is for classification, its network finds no objects\n");
    assertThat(Path.of(file)).doesNotExist();
  }

  @Test
  void aCheckpointOfNoNameIsNotThere() {
    for (String name : List.of("", "a:b", "Best")) {
      assertThat(
              Answer.to(
                      "evaluate", run.toString(), "--data", data().toString(), "--checkpoint", name)
                  .error())
          .isEqualTo(
              "Cannot read checkpoint "
                  + run
                  + "/checkpoints/"
                  + name
                  + ": there is none; there are epoch-0001\n");
    }
  }

  @Test
  void goesOnWithALowerRateAndMoreEpochsAndKeepsWhatChanged() throws IOException {
    String before = Files.readString(run.resolve("recipe.yaml"));
    Answer answer = resume("--set", "train.epochs=2", "--set", "train.learning_rate=0.001");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    String told =
        "Changed after step 2: train.epochs 1 -> 2, train.learning_rate warm-up(0.05, linear(0.1,"
            + " 0.0)) -> constant(0.001)";
    assertThat(answer.out()).contains(told).contains("epochs 2 to 2").contains("epoch 2/2");
    assertThat(Files.readString(run.resolve("recipe-until-step-2.yaml"))).isEqualTo(before);
    assertThat(Files.readString(run.resolve("recipe.yaml")))
        .contains("learning_rate: \"constant(0.001)\"")
        .contains("epochs: 2");
    assertThat(Files.readAllLines(run.resolve("events.jsonl")))
        .anyMatch(line -> line.contains("\"event\":\"note\"") && line.contains(told));
    Checkpoint last = checkpoint("epoch-0002");
    assertThat(last.recipe()).isEqualTo(Files.readString(run.resolve("recipe.yaml")));
    assertThat(last.manifest().origin().changes()).containsExactly(told);
    assertThat(last.manifest().origin().world()).isEqualTo(2);

    Answer done = resume("--set", "train.epochs=2", "--set", "train.learning_rate=0.001");
    assertThat(done.status()).isZero();
    assertThat(done.out())
        .contains(
            "Run "
                + run
                + " is done: 2 of 2 epochs; to train longer add --set train.epochs=3 or more")
        .doesNotContain("Training");
    assertFails(
        resume("--set", "train.epochs=1"),
        "Cannot resume run "
            + run
            + ": train.epochs is 1, and 2 epochs of it are done; give more, or measure an earlier one"
            + " with evaluate --checkpoint");
  }

  @Test
  void refusesAChangeThatTheCheckpointHasAlready() {
    assertFails(
        resume("--set", "train.epochs=2", "--set", "train.momentum=0.5", "--set", "data.cutout=2"),
        "Cannot resume run "
            + run
            + ": data.cutout 0 -> 2, train.optimizer.momentum 0.9 -> 0.5 cannot change within a run; give"
            + " it the value it had, or begin another run (docs/how-to/recover-and-resume.md says which keys may"
            + " change)");
  }

  @Test
  void comparesNamesOfClasses() throws IOException {
    Path swapped = temporary.resolve("swapped");
    TinyRun.copy(shared.resolve("images"), swapped);
    List<String> classes = checkpoint("epoch-0001").manifest().origin().data().classes();
    String first = classes.get(0);
    String second = classes.get(1);
    for (String split : List.of("train", "val")) {
      Path folder = swapped.resolve(split);
      Files.move(folder.resolve(first), folder.resolve("aside"));
      Files.move(folder.resolve(second), folder.resolve(first));
      Files.move(folder.resolve("aside"), folder.resolve(second));
    }
    Path other = temporary.resolve("other");
    assertThat(Answer.to("prepare", swapped.toString(), "--out", other.toString()).status())
        .isZero();
    Answer resumed = new TinyRun(other, run).resume("--set", "train.epochs=2");
    assertFails(
        resumed,
        "Cannot go on with run "
            + run
            + ": --data is not what it was begun with: as many images of the same classes, but"
            + " others, or in another order; give the same data, or another --run");

    for (String split : List.of("train", "val")) {
      Files.move(swapped.resolve(split).resolve(first), swapped.resolve(split).resolve("zebra"));
    }
    Path third = temporary.resolve("third");
    assertThat(Answer.to("prepare", swapped.toString(), "--out", third.toString()).status())
        .isZero();
    assertFails(
        Answer.to("evaluate", run.toString(), "--data", third.toString()),
        "Cannot evaluate run "
            + run
            + " on data set "
            + third
            + ": it has other classes: without '"
            + first
            + "', with 'zebra' besides; prepare it with the class folders that the network was"
            + " trained on");
  }

  /** As an older version wrote it. */
  @Test
  void saysWhereNamesCannotBeCompared() throws IOException {
    Path manifest = run.resolve("checkpoints/epoch-0001/manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(
        manifest,
        text.replaceAll(",\"origin\":.*\\}$", "}").replace("\"version\":4", "\"version\":1"));
    Files.delete(run.resolve("data.json"));
    Answer evaluated = Answer.to("evaluate", run.toString(), "--data", data().toString());
    assertThat(evaluated.error()).isEmpty();
    assertThat(evaluated.out())
        .contains("Cannot compare class names: an older version wrote this checkpoint")
        .contains("top-1");
    Answer resumed = resume("--set", "train.epochs=2");
    assertThat(resumed.status()).isZero();
    assertThat(resumed.out()).contains("Cannot compare the data with those");
    assertThat(run.resolve("data.json")).exists();
  }

  @Test
  void damagedCheckpointsAreNotOverwritten() throws IOException {
    Path parameters = run.resolve("checkpoints/epoch-0001/parameters.bin");
    byte[] bytes = Files.readAllBytes(parameters);
    bytes[100] ^= 1;
    Files.write(parameters, bytes);
    String message =
        "Cannot use any checkpoint in "
            + run.resolve("checkpoints")
            + ": epoch-0001: parameters.bin does not have its checksum; put back a copy of one, or"
            + " delete that folder to start from the beginning";
    assertFails(resume("--set", "train.epochs=2"), message);
    assertFails(Answer.to("evaluate", run.toString(), "--data", data().toString()), message);
    assertThat(Files.readAllBytes(parameters)).isEqualTo(bytes);
  }

  /** As an older version wrote it. */
  @Test
  void refusesToMeasureWhatIsNotFinite() throws IOException {
    Path folder = run.resolve("checkpoints/epoch-0001");
    byte[] bytes = Files.readAllBytes(folder.resolve("parameters.bin"));
    // a float that is infinite, little-endian
    bytes[bytes.length - 4] = 0;
    bytes[bytes.length - 3] = 0;
    bytes[bytes.length - 2] = (byte) 0x80;
    bytes[bytes.length - 1] = 0x7f;
    Files.write(folder.resolve("parameters.bin"), bytes);
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replaceAll(
                "(\"parameters.bin\",\"bytes\":\\d+,\"sha256\":\")\\w+", "$1" + sha256(bytes)));
    Answer answer = Answer.to("evaluate", run.toString(), "--data", data().toString());
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error().strip())
        .startsWith("Cannot use checkpoint " + folder + ": ")
        .endsWith(" is not finite");
  }

  private static String sha256(byte[] bytes) {
    try {
      return java.util.HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Checkpoint checkpoint(String name) {
    return new TinyRun(data(), run).checkpoint(name);
  }

  private Answer resume(String... more) {
    return new TinyRun(data(), run).resume(more);
  }

  private static Answer train(Path run, String... more) {
    return new TinyRun(data(), run).train(more);
  }
}
