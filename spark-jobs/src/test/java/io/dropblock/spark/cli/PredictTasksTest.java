package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.files.HadoopPath;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    List<Group> rows = predicted();
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
    List<Group> rows = predicted("--batch", "4");
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
  }

  private Path truth(String image) {
    String stem = image.substring(image.lastIndexOf('/') + 1).replaceAll("\\..*", "");
    return folder.resolve("images/SegmentationClass/" + stem + ".png");
  }
}
