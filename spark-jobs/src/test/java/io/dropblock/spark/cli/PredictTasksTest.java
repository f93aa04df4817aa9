package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.files.HadoopPath;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of networks that find objects and label pixels: {@code evaluate} says the same of the images. */
@ExtendWith(SparkInThisJvm.class)
class PredictTasksTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private interface Drawing {
    void write(FileSystem files, org.apache.hadoop.fs.Path folder) throws IOException;
  }

  private void train(String recipe, int size, Drawing drawing) throws IOException {
    drawing.write(FileSystem.getLocal(HADOOP).getRaw(), HadoopPath.of(path("images"), HADOOP));
    assertThat(Answer.to("prepare", path("images"), "--out", path("data")).error()).isEmpty();
    List<String> arguments =
        new ArrayList<>(List.of("train", recipe, "--data", path("data"), "--run", path("run")));
    for (String setting :
        List.of(
            "data.size=" + size,
            "model.width=2",
            "task.pyramid_filters=4",
            "task.head_filters=4",
            "train.world=2",
            "train.epochs=1")) {
      arguments.addAll(List.of("--set", setting));
    }
    assertThat(Answer.to(arguments.toArray(String[]::new)).error()).isEmpty();
  }

  private List<Group> predicted(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                path("run"),
                "--images",
                path("data"),
                "--split",
                "val",
                "--out",
                path("out")));
    arguments.addAll(List.of(more));
    assertThat(Answer.to(arguments.toArray(String[]::new)).error()).isEmpty();
    return PredictedRows.in(folder.resolve("out"));
  }

  /** Drawn; kept for people to look at where a folder for them is told. */
  private void pictures(String name) throws IOException {
    Path file = folder.resolve("out/_pictures.png");
    assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThan(300);
    String kept = System.getProperty("dropblock.pictures");
    if (kept != null) {
      Files.copy(file, Path.of(kept, name + ".png"));
    }
  }

  @Test
  void objectsAreThoseThatAreScored() throws IOException {
    train(
        "shapes-detection", 64, (files, images) -> new DrawnObjects(1).write(files, images, 16, 6));
    Path json = folder.resolve("found.json");
    assertThat(
            Answer.to(
                    "evaluate",
                    path("run"),
                    "--data",
                    path("data"),
                    "--checkpoint",
                    "best",
                    "--detections-out",
                    json.toString())
                .error())
        .isEmpty();
    JsonNode expected = new ObjectMapper().readTree(json.toFile());

    List<Group> objects = new ArrayList<>();
    List<Group> rows = predicted("--pictures", "4");
    pictures("objects");
    for (Group row : rows) {
      assertThat(row.getInteger("width", 0)).isPositive();
      Group list = row.getGroup("objects", 0);
      IntStream.range(0, list.getFieldRepetitionCount("list"))
          .forEach(i -> objects.add(list.getGroup("list", i).getGroup("element", 0)));
    }
    assertThat(rows).hasSize(6);
    assertThat(objects).hasSize(expected.size()).hasSizeGreaterThan(100);
    for (int i = 0; i < objects.size(); i++) {
      Group found = objects.get(i);
      JsonNode scored = expected.get(i);
      // Categories without ids in the raw data set begin with 1.
      assertThat(found.getInteger("label", 0) + 1).isEqualTo(scored.get("category_id").asInt());
      assertThat(found.getFloat("score", 0))
          .isEqualTo((float) scored.get("score").asDouble(), within(1e-5f));
      int field = 0;
      for (String side : List.of("x", "y", "width", "height")) {
        assertThat(found.getFloat(side, 0))
            .isEqualTo((float) scored.get("bbox").get(field++).asDouble(), within(.01f));
      }
    }

    predict("data", "stored.json", "--format", "coco", "--split", "val");
    List<String> stored = results("stored.json");
    assertThat(stored).isEqualTo(results(rows));
    // Of images whose names are all that is known of them
    predict("images/val2017", "results.json", "--format", "coco");
    assertThat(results("results.json")).containsExactlyInAnyOrderElementsOf(stored);
    JsonNode scores = score("--detections", path("results.json"), "--annotations", annotations());
    score(path("run"), "--data", path("data"), "--checkpoint", "best")
        .get("main")
        .fields()
        .forEachRemaining(
            score ->
                assertThat(scores.get(score.getKey()).asDouble())
                    .as(score.getKey())
                    .isEqualTo(score.getValue().asDouble(), within(1e-6)));
    namesWithoutANumberAreRefused();
  }

  /** What a results file says, in the floats of a table. */
  private List<String> results(String file) throws IOException {
    List<String> results = new ArrayList<>();
    for (JsonNode found : new ObjectMapper().readTree(folder.resolve(file).toFile())) {
      List<Float> numbers = new ArrayList<>(List.of((float) found.get("score").asDouble()));
      found.get("bbox").forEach(side -> numbers.add((float) side.asDouble()));
      results.add(found.get("image_id") + " " + found.get("category_id") + " " + numbers);
    }
    return results;
  }

  /** The same of a table. Categories without ids in the raw data set begin with 1. */
  private static List<String> results(List<Group> rows) {
    List<String> results = new ArrayList<>();
    for (Group row : rows) {
      String id = row.getString("name", 0).replaceAll(".*/0*|\\..*", "");
      Group list = row.getGroup("objects", 0);
      for (int i = 0; i < list.getFieldRepetitionCount("list"); i++) {
        Group found = list.getGroup("list", i).getGroup("element", 0);
        List<Float> numbers = new ArrayList<>();
        for (String field : List.of("score", "x", "y", "width", "height")) {
          numbers.add(found.getFloat(field, 0));
        }
        results.add(id + " " + (found.getInteger("label", 0) + 1) + " " + numbers);
      }
    }
    return results;
  }

  private String annotations() {
    return path("images/annotations/instances_val2017.json");
  }

  /** What an evaluation writes. */
  private JsonNode score(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("evaluate"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--json", path("scores.json")));
    assertThat(Answer.to(all.toArray(String[]::new)).error()).isEmpty();
    return new ObjectMapper().readTree(folder.resolve("scores.json").toFile());
  }

  private void namesWithoutANumberAreRefused() throws IOException {
    Path named = Files.createDirectories(folder.resolve("named"));
    try (Stream<Path> images = Files.list(folder.resolve("images/val2017"))) {
      Path image = images.findFirst().orElseThrow();
      Files.copy(image, named.resolve("7.jpg"));
      Files.copy(image, named.resolve("street.jpg"));
      assertThat(predictions("named", "named.json", "--format", "coco").error())
          .isEqualToIgnoringNewLines(
              "Cannot write image street.jpg as --format coco: its name has no image id, as"
                  + " 000000000139.jpg has; take --format parquet");
      Files.move(named.resolve("street.jpg"), named.resolve("COCO_val2014_000000000007.jpg"));
    }
    assertThat(predictions("named", "named.json", "--format", "coco").error())
        .startsWith("Cannot write predictions as --format coco: images ")
        .contains("7.jpg", "COCO_val2014_000000000007.jpg", " would both be 7 there");
    Files.write(named.resolve("COCO_val2014_000000000007.jpg"), new byte[9]);
    Files.move(
        named.resolve("COCO_val2014_000000000007.jpg"),
        named.resolve("COCO_val2014_000000000008.jpg"));
    Answer broken = predictions("named", "named.json", "--format", "coco");
    assertThat(broken.error()).isEmpty();
    assertThat(broken.out()).contains("Broken: 1 image, which have no prediction: ");
    assertThat(folder.resolve("named.json.broken.txt"))
        .content()
        .startsWith("COCO_val2014_000000000008.jpg\t");
  }

  private Answer predictions(String images, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("predict", path("run"), "--images", path(images), "--out", path(out)));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private void predict(String images, String out, String... more) {
    assertThat(predictions(images, out, more).error()).isEmpty();
  }

  /** Pixel by pixel, counted against the label maps that were drawn. */
  @Test
  void labelMapsAreThoseThatAreScored() throws IOException {
    // Larger than all images: those that do not fit are scaled down, and scored so.
    train(
        "shapes-segmentation",
        128,
        (files, images) -> new DrawnScenes(1).write(files, images, 16, 6));
    Path csv = folder.resolve("confusion.csv");
    assertThat(
            Answer.to(
                    "evaluate",
                    path("run"),
                    "--data",
                    path("data"),
                    "--checkpoint",
                    "best",
                    "--confusion",
                    csv.toString())
                .error())
        .isEmpty();

    long[][] counted = new long[4][4];
    List<Group> rows = predicted("--batch", "4", "--pictures", "5");
    pictures("label-maps");
    assertThat(rows).hasSize(6);
    for (Group row : rows) {
      BufferedImage said =
          ImageIO.read(new ByteArrayInputStream(row.getBinary("labels", 0).getBytes()));
      BufferedImage truth = ImageIO.read(truth(row.getString("name", 0)).toFile());
      assertThat(said.getWidth()).isEqualTo(truth.getWidth()).isEqualTo(row.getInteger("width", 0));
      assertThat(said.getHeight()).isEqualTo(truth.getHeight());
      for (int y = 0; y < said.getHeight(); y++) {
        for (int x = 0; x < said.getWidth(); x++) {
          int label = truth.getRaster().getSample(x, y, 0);
          if (label != 255) {
            counted[label][said.getRaster().getSample(x, y, 0)]++;
          }
        }
      }
    }
    List<String> expected = Files.readAllLines(csv);
    for (int label = 0; label < 4; label++) {
      String[] cells = expected.get(label + 1).split(",");
      for (int said = 0; said < 4; said++) {
        assertThat(counted[label][said]).isEqualTo(Long.parseLong(cells[said + 1]));
      }
    }
    assertThat(counted[0][0] + counted[1][1] + counted[0][1]).isPositive();

    predict("data", "server", "--split", "val", "--batch", "4", "--format", "png");
    List<String> files = new ArrayList<>();
    for (Group row : rows) {
      String stem = row.getString("name", 0).replaceAll(".*/|\\..*", "");
      files.add(stem + ".png");
      BufferedImage levels =
          ImageIO.read(new ByteArrayInputStream(row.getBinary("labels", 0).getBytes()));
      BufferedImage map = ImageIO.read(folder.resolve("server/" + stem + ".png").toFile());
      assertThat(map.getRaster().getSamples(0, 0, map.getWidth(), map.getHeight(), 0, (int[]) null))
          .isEqualTo(
              levels
                  .getRaster()
                  .getSamples(0, 0, levels.getWidth(), levels.getHeight(), 0, (int[]) null));
      // VOClabelcolormap.m: black, maroon, green, olive, ... and cream for void
      IndexColorModel palette = (IndexColorModel) map.getColorModel();
      assertThat(
              IntStream.of(0, 1, 2, 3, 15, 20, 255)
                  .map(label -> palette.getRGB(label) & 0xFFFFFF)
                  .toArray())
          .containsExactly(0, 0x800000, 0x008000, 0x808000, 0xC08080, 0x004080, 0xE0E0C0);
    }
    try (Stream<Path> written = Files.list(folder.resolve("server"))) {
      assertThat(written.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(files);
    }
  }

  private Path truth(String image) {
    String stem = image.substring(image.lastIndexOf('/') + 1).replaceAll("\\..*", "");
    return folder.resolve("images/SegmentationClass/" + stem + ".png");
  }
}
