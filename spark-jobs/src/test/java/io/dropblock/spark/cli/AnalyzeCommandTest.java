package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of two small runs, one of which trained with DropBlock. */
@ExtendWith(SparkInThisJvm.class)
class AnalyzeCommandTest {
  @TempDir private static Path folder;
  @TempDir private Path out;

  @BeforeAll
  static void train() throws IOException {
    TinyRun.prepare(folder);
    Answer dropped = run("dropped").train("--set", "train.epochs=1");
    assertThat(dropped.error()).isEmpty();
    Answer plain = run("plain").train("--set", "train.epochs=1", "--set", "dropblock.groups=[]");
    assertThat(plain.error()).isEmpty();
  }

  private static TinyRun run(String name) {
    return new TinyRun(folder.resolve("data"), folder.resolve(name));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Answer analyze(String... arguments) {
    return Answer.to(
        Stream.concat(Stream.of("analyze"), Stream.of(arguments)).toArray(String[]::new));
  }

  private Answer robustness(String... more) {
    List<String> arguments = new ArrayList<>(List.of("robustness"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--data", path("data"), "--out", out.toString()));
    return analyze(arguments.toArray(String[]::new));
  }

  private Answer cam(String... more) {
    List<String> arguments = new ArrayList<>(List.of("cam"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--out", out.toString()));
    return analyze(arguments.toArray(String[]::new));
  }

  @Test
  void atOneRobustnessIsWhatEvaluateFinds() throws IOException {
    Answer answer =
        robustness(path("plain"), path("dropped"), "--block", "1,3", "--keep", "1.0,0.6");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("Dropping at inference, over 18 validation images")
        .contains("run " + path("plain") + " (epoch 1): groups 2, 3, sites branch, skip, divisor 4")
        .contains("Blocks of 1", "Blocks of 3")
        .containsPattern(" 1\\.0  100\\.00      100\\.00 ")
        .containsPattern(" 0\\.6   7\\d\\.\\d\\d       75\\.00 ");
    for (int block : new int[] {1, 3}) {
      assertThat(ImageIO.read(out.resolve("robustness-block-" + block + ".png").toFile()))
          .isNotNull();
    }
    Map<String, String> values = values();
    for (String run : List.of("plain", "dropped")) {
      JsonNode expected = evaluated(run);
      assertThat(expected.get("main").get("top-1").asDouble()).isBetween(.01, .99);
      for (int block : new int[] {1, 3}) {
        for (String score : List.of("top-1", "top-5")) {
          assertThat(values.get(run + "," + block + ",1.0,18," + score))
              .isEqualTo(String.valueOf(expected.get("main").get(score).asDouble()));
        }
        assertThat(values.get(run + "," + block + ",1.0,18,cross entropy"))
            .isEqualTo(String.valueOf(expected.get("details").get("cross entropy").asDouble()))
            .isNotEqualTo(values.get(run + "," + block + ",0.6,18,cross entropy"));
      }
      assertThat(values.get(run + ",3,0.6,18,cross entropy"))
          .isNotEqualTo(values.get(run + ",1,0.6,18,cross entropy"));
    }
  }

  /** By what comes before it. */
  private Map<String, String> values() throws IOException {
    return Files.readAllLines(out.resolve("robustness.csv")).stream()
        .skip(1)
        .map(line -> line.split(","))
        .collect(
            Collectors.toMap(
                cells -> String.join(",", List.of(cells).subList(0, 5)), cells -> cells[5]));
  }

  private JsonNode evaluated(String run) throws IOException {
    Path json = out.resolve(run + ".json");
    assertThat(
            Answer.to(
                    "evaluate",
                    path(run),
                    "--data",
                    path("data"),
                    "--checkpoint",
                    "best",
                    "--json",
                    json.toString())
                .error())
        .isEmpty();
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void placesAreThoseThatWereAskedFor() {
    Answer asked =
        robustness(
            path("plain"),
            "--keep=0.5",
            "--block=1",
            "--groups=1,3",
            "--sites=skip",
            "--group-divisor=2");
    assertThat(asked.error()).isEmpty();
    assertThat(asked.out())
        .contains("(epoch 1): groups 1, 3, sites skip, divisor 2")
        // of one site in each: 1 - (1 / 8 + 1 / 2) / 2
        .containsPattern(" 0\\.5   6\\d\\.\\d\\d       68\\.75 ");
    assertFails(
        "Cannot tell where run "
            + path("plain")
            + " is to drop: it trained without, and so did the others; add --groups, such as the"
            + " last two of its 3",
        robustness(path("plain")));
    assertFails(
        "Cannot drop in group 4 of run "
            + path("plain")
            + ": its network has groups 1 to 3; give others by --groups",
        robustness(path("plain"), "--groups", "3,4"));
    assertRefused("Cannot use --sites without --groups", robustness(path("plain"), "--sites=skip"));
    assertRefused(
        "Cannot use --sites head: it is none of branch, skip",
        robustness(path("plain"), "--groups=3", "--sites=head"));
    assertRefused(
        "Cannot use --group-divisor 0.5: it is not at least 1",
        robustness(path("plain"), "--groups=3", "--group-divisor=0.5"));
    assertRefused(
        "Cannot use --keep 0.0: it is not above 0 and at most 1",
        robustness(path("dropped"), "--keep=0"));
    assertRefused(
        "Cannot use --block 0: it is not in 1 to 4096", robustness(path("dropped"), "--block=0"));
    assertRefused(
        "Cannot compare runs of one name: rename a folder",
        robustness(path("plain"), path("plain")));
  }

  @Test
  void mapsOfAFolderLieSideBySide() throws IOException {
    Path images = Files.createDirectory(out.resolve("images"));
    for (int i = 0; i < 3; i++) {
      ImageIO.write(
          new BufferedImage(50 + i, 40, BufferedImage.TYPE_INT_RGB),
          "png",
          images.resolve("image" + i + ".PNG").toFile());
    }
    Files.writeString(images.resolve("notes.txt"), "no image");
    Answer answer =
        cam(path("plain"), path("dropped"), "--images", images.toString(), "--count", "2");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains("Taking the first 2 of 3 images in ", "above half %")
        .containsPattern("run .*/plain \\(epoch 1\\) +2 +\\d+\\.\\d\\d\\n");
    BufferedImage picture = ImageIO.read(out.resolve("cam.png").toFile());
    assertThat(picture.getWidth()).isEqualTo(8 + 3 * (224 + 8));
    assertThat(cam(path("plain"), "--images", images.toString(), "--class", "ring").status())
        .isZero();
    assertRefused(
        "Cannot use --class rings: the classes are circle, cross, ring, square, stripes, triangle",
        cam(path("plain"), "--images", images.toString(), "--class", "rings"));
    Files.writeString(images.resolve("image0.PNG"), "no image");
    assertThat(cam(path("plain"), "--images", images.toString()).error())
        .startsWith("Cannot read image file:" + images.resolve("image0.PNG") + ": ")
        .endsWith("; remove or replace it\n")
        .hasLineCount(1);
    Path empty = Files.createDirectory(out.resolve("empty"));
    assertFails(
        "Cannot find images in --images "
            + empty
            + ": no file there ends in .jpg, .jpeg or .png; give a folder of images",
        cam(path("plain"), "--images", empty.toString()));
    assertFails(
        "Cannot find images in --images " + out + "/no: there is no such folder",
        cam(path("plain"), "--images", out + "/no"));
  }

  @Test
  void mapsOfADataSetAreOfAllItsImages() throws IOException {
    Answer answer =
        cam(path("plain"), path("plain/checkpoints/latest"), "--data", path("data"), "--count=3");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out()).containsPattern("run .*/plain \\(epoch 1\\) +18 +\\d+\\.\\d\\d\\n");
    assertThat(ImageIO.read(out.resolve("cam.png").toFile()).getHeight()).isGreaterThan(3 * 224);
    assertRefused("Missing required option: '--images=DIR' or '--data=DIR'", cam(path("plain")));
    assertRefused(
        "Cannot use both --images and --data: give one",
        cam(path("plain"), "--data", path("data"), "--images", path("images")));
  }

  @Test
  void drawnImagesLieFarFromEachOther() {
    assertThat(ClassMapCommand.spread(3, 18)).containsExactly(0L, 6L, 12L);
    assertThat(ClassMapCommand.spread(4, 50_000)).containsExactly(0L, 12_500L, 25_000L, 37_500L);
    assertThat(ClassMapCommand.spread(8, 3)).containsExactly(0L, 1L, 2L);
  }

  @Test
  void refusesOtherTasksAndOtherClasses() throws IOException {
    Checkpoint plain = run("plain").checkpoint("latest");
    RunFolder.create(
        HadoopPath.of(path("boxes"), new Configuration()),
        Recipe.load("shapes-detection", List.of()).toYaml(),
        Optional.of(
            new Checkpoint(
                plain.manifest(),
                Recipe.load("shapes-detection", List.of()).toYaml(),
                plain.network())),
        new Configuration());
    String reason =
        "Cannot analyze run "
            + path("boxes")
            + ": its network is for detection; give runs whose network gives an image one class";
    assertFails(reason, robustness(path("boxes"), path("plain")));
    assertFails(reason, cam(path("boxes"), "--images", path("images")));
    TinyRun.copy(folder.resolve("images"), out.resolve("images"));
    for (String split : List.of("train", "val")) {
      Files.move(
          out.resolve("images").resolve(split).resolve("ring"),
          out.resolve("images").resolve(split).resolve("rings"));
    }
    String other = out.resolve("other").toString();
    assertThat(Answer.to("prepare", out.resolve("images").toString(), "--out", other).status())
        .isZero();
    assertThat(
            analyze("robustness", path("dropped"), "--data", other, "--out", out.toString())
                .error())
        .isEqualTo(
            "Cannot analyze run "
                + path("dropped")
                + " with data set "
                + other
                + ": it has other classes: without 'ring', with 'rings' besides; prepare it with"
                + " the class folders that the network was trained on\n");
    assertThat(cam(path("dropped"), "--data", other).error())
        .startsWith("Cannot analyze run " + path("dropped") + " with data set " + other);
  }

  @Test
  void keepTellsWhatTheOpKeeps() throws IOException {
    Answer answer =
        analyze(
            "keep", "--map=7,14", "--block=1,9", "--keep=0.9", "--draws=500", "--out", "" + out);
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .containsPattern("7x7 +1 +0\\.9 +0\\.100000 +0\\.90000 +0\\.\\d{5} +0\\.00\\d{3} ")
        .containsPattern("7x7 +9 \\(7\\) +0\\.9 +0\\.100000 +0\\.90000 ")
        .containsPattern("14x14 +9 +0\\.9 +");
    List<String> lines = Files.readAllLines(out.resolve("keep.csv"));
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).startsWith("map,block,clipped_block,keep_probability,gamma,expected");
    assertThat(lines.get(2)).startsWith("7,9,7,0.9,");
    assertThat(ImageIO.read(out.resolve("keep-map-14.png").toFile())).isNotNull();
    assertRefused("Cannot use --draws 1: it is not in 2 to", analyze("keep", "--draws=1"));
    assertRefused("Cannot use --map 0: it is not in 1 to", analyze("keep", "--map=0"));
    assertRefused(
        "Cannot use --keep 1.5: it is not at least 0 and at most 1", analyze("keep", "--keep=1.5"));
    Path file = Files.createFile(out.resolve("file"));
    assertFails(
        "Cannot write --out " + file + "/x: file:" + file + " is not a directory",
        analyze("keep", "--out", file + "/x"));
    assertRefused("Cannot analyze: say what, robustness, cam or keep", analyze());
  }

  private static void assertFails(String message, Answer answer) {
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(1);
  }

  private static void assertRefused(String message, Answer answer) {
    assertThat(answer.error()).startsWith(message).hasLineCount(1);
    assertThat(answer.status()).isEqualTo(2);
  }
}
