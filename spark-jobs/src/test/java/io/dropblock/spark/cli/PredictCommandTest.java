package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of a small run, whose scores {@code evaluate} knows. */
@ExtendWith(SparkInThisJvm.class)
class PredictCommandTest {
  @TempDir private static Path folder;
  @TempDir private Path temporary;

  @BeforeAll
  static void train() throws IOException {
    TinyRun.prepare(folder);
    Answer trained =
        new TinyRun(folder.resolve("data"), folder.resolve("run"))
            .train("--set", "train.epochs=2", "--set", "train.evaluate_every=1");
    assertThat(trained.error()).isEmpty();
  }

  private Answer predict(Path images, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                folder.resolve("run").toString(),
                "--images",
                images.toString(),
                "--out",
                out().toString()));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private Path out() {
    return temporary.resolve("out");
  }

  @Test
  void agreesWithEvaluateToTheLastImage() throws IOException {
    Answer answer = predict(folder.resolve("data"), "--split", "val", "--batch", "5", "--top", "6");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).contains("Predicted 18 images in ").doesNotContain("Broken");

    List<Group> rows = rows();
    Path json = temporary.resolve("scores.json");
    Answer evaluated =
        Answer.to(
            "evaluate",
            folder.resolve("run").toString(),
            "--data",
            folder.resolve("data").toString(),
            "--checkpoint",
            "best",
            "--json",
            json.toString());
    assertThat(evaluated.status()).isZero();
    JsonNode scores = new ObjectMapper().readTree(json.toFile());
    assertThat(share(rows, 1)).isEqualTo(scores.get("main").get("top-1").asDouble());
    assertThat(share(rows, 5)).isEqualTo(scores.get("main").get("top-5").asDouble());
    assertThat(share(rows, 1)).isBetween(.01, .99);
    double entropy = rows.stream().mapToDouble(row -> -Math.log(ofTruth(row))).average().orElse(0);
    assertThat(entropy)
        .isEqualTo(scores.get("details").get("cross entropy").asDouble(), within(1e-5));
  }

  /** Whose true class is among the most probable ones. */
  private static double share(List<Group> rows, int top) {
    return rows.stream()
            .mapToInt(row -> classes(row).subList(0, top).contains(truth(row)) ? 1 : 0)
            .sum()
        / (double) rows.size();
  }

  private static List<String> classes(Group row) {
    Group top = row.getGroup("top", 0);
    return IntStream.range(0, top.getFieldRepetitionCount("list"))
        .mapToObj(i -> top.getGroup("list", i).getGroup("element", 0).getString("class", 0))
        .toList();
  }

  private static String truth(Group row) {
    String[] parts = row.getString("name", 0).split("/");
    return parts[parts.length - 2];
  }

  /** All six classes are asked for by the test of entropy. */
  private static float ofTruth(Group row) {
    Group top = row.getGroup("top", 0);
    return IntStream.range(0, top.getFieldRepetitionCount("list"))
        .mapToObj(i -> top.getGroup("list", i).getGroup("element", 0))
        .filter(said -> said.getString("class", 0).equals(truth(row)))
        .findFirst()
        .map(said -> said.getFloat("probability", 0))
        .orElse(Float.NaN);
  }

  @Test
  void brokenImagesGetARowThatSaysWhy() throws IOException {
    Path images = temporary.resolve("images");
    TinyRun.copy(folder.resolve("images/val"), images);
    Path broken = images.resolve("ring/0000.jpg");
    Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 300));
    Files.write(images.resolve("ring/text.png"), "no image".getBytes(StandardCharsets.UTF_8));
    Files.write(images.resolve("notes.txt"), new byte[1]);
    Answer answer = predict(images, "--pictures", "6");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains("Predicted 19 images", "Broken: 2 images, whose rows say why", "ring/text.png: ")
        .contains("notes.txt", "Pictures: ");
    assertThat(ImageIO.read(out().resolve("_pictures.png").toFile()).getHeight())
        .isGreaterThan(300);

    Map<String, Group> rows =
        rows().stream().collect(Collectors.toMap(row -> row.getString("name", 0), row -> row));
    assertThat(rows).hasSize(19);
    rows.forEach(
        (name, row) -> {
          boolean bad = name.equals("ring/0000.jpg") || name.equals("ring/text.png");
          assertThat(row.getFieldRepetitionCount("broken")).as(name).isEqualTo(bad ? 1 : 0);
          assertThat(row.getFieldRepetitionCount("class")).as(name).isEqualTo(bad ? 0 : 1);
        });
    assertThat(rows.get("ring/text.png").getString("broken", 0)).isNotBlank();

    Answer strict =
        Answer.to(
            "predict",
            folder.resolve("run").toString(),
            "--images",
            images.toString(),
            "--out",
            temporary.resolve("strict").toString(),
            "--strict");
    assertThat(strict.status()).isEqualTo(1);
    assertThat(strict.error()).hasLineCount(1).contains("Cannot predict image ring/");
    assertThat(temporary.resolve("strict")).doesNotExist();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .contains("images", "out")
          .isSubsetOf("images", "out", ".strict.unfinished");
    }
  }

  /** Whatever else is in a batch, and however the images are shared out. */
  @Test
  void anImageIsToldTheSameInAnyCompany() throws IOException {
    assertThat(predict(folder.resolve("images/val"), "--batch", "1").status()).isZero();
    Map<String, Float> alone = probabilities("");
    TinyRun.copy(out(), temporary.resolve("alone"));
    Path tar = temporary.resolve("images.tar");
    tar(folder.resolve("images"), tar);
    deleteOut();
    assertThat(predict(tar, "--batch", "7").status()).isZero();
    Map<String, Float> together = probabilities("val/");
    assertThat(together).hasSize(18);
    together.forEach(
        (name, probability) -> assertThat(probability).isEqualTo(alone.get(name), within(1e-5f)));
  }

  /** A shard is a Parquet table like any other. */
  @Test
  void readsTablesLikeFiles() throws IOException {
    assertThat(predict(folder.resolve("images/val")).status()).isZero();
    Map<String, Float> files = probabilities("");
    deleteOut();
    Path shard = folder.resolve("data/val-00000.parquet");
    assertThat(predict(shard, "--name-column", "name").error()).isEmpty();
    assertThat(probabilities("val/")).isEqualTo(files);
    deleteOut();
    assertThat(predict(shard).error()).isEmpty();
    assertThat(rows().stream().map(row -> row.getString("name", 0)))
        .contains("val-00000.parquet#0", "val-00000.parquet#17")
        .hasSize(18);
  }

  /** As Hugging Face stores images, in several row groups, one row without an image. */
  @Test
  void readsFieldsOfStructs() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message rows { required int64 id; required binary extra;"
                + " optional group image { optional binary bytes; optional binary path (STRING); } }");
    Path table = Files.createDirectories(temporary.resolve("table")).resolve("train.parquet");
    byte[] bytes = Files.readAllBytes(folder.resolve("images/val/ring/0001.jpg"));
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(table.toString()))
            .withType(schema)
            .withRowGroupSize(4L * bytes.length)
            .withMinRowCountForPageSizeCheck(2)
            .withMaxRowCountForPageSizeCheck(2)
            .build()) {
      for (int i = 0; i < 40; i++) {
        Group row = new SimpleGroup(schema);
        row.append("id", 100L + i).append("extra", "x");
        if (i != 13) {
          row.addGroup("image").append("bytes", Binary.fromConstantByteArray(bytes));
        }
        writer.write(row);
      }
    }
    assertThat(predict(table.getParent()).error())
        .contains("holds the images: [extra, image.bytes] are of bytes; name it by --column")
        .hasLineCount(1);
    assertThat(predict(table, "--column", "image.path").error())
        .contains("it is no column of bytes; its columns are id, extra, image")
        .hasLineCount(1);
    assertThat(predict(table, "--column", "picture").error())
        .contains("its columns are id, extra, image")
        .hasLineCount(1);
    Answer answer = predict(table.getParent(), "--column", "image.bytes", "--name-column", "id");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out()).contains("  113: its row has no bytes");
    List<Group> rows = rows();
    assertThat(rows.stream().map(row -> row.getString("name", 0)))
        .isEqualTo(IntStream.range(100, 140).mapToObj(Integer::toString).toList());
    try (Stream<Path> files = Files.list(out())) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet")).count())
          .isGreaterThan(1);
    }
  }

  private Map<String, Float> probabilities(String prefix) throws IOException {
    return rows().stream()
        .filter(row -> row.getString("name", 0).startsWith(prefix))
        .collect(
            Collectors.toMap(
                row -> row.getString("name", 0).substring(prefix.length()),
                row -> row.getFloat("probability", 0)));
  }

  private void deleteOut() throws IOException {
    try (Stream<Path> files = Files.list(out())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(out());
  }

  private static void tar(Path source, Path target) throws IOException {
    try {
      assertThat(
              new ProcessBuilder("tar", "cf", target.toString(), "-C", source.toString(), ".")
                  .start()
                  .waitFor())
          .isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    Files.createDirectories(out());
    TinyRun.assertFails(
        predict(folder.resolve("images")),
        "Cannot write predictions to " + out() + ": it exists already; take another --out");
    Files.delete(out());
    assertThat(predict(folder.resolve("nothing")).error())
        .contains("nothing: there is no such file or folder")
        .hasLineCount(1);
    Path empty = Files.createDirectories(temporary.resolve("empty"));
    assertThat(predict(empty).error()).contains("Cannot find images in ").hasLineCount(1);
    assertThat(predict(folder.resolve("images"), "--split", "val").error())
        .contains("it is no prepared data set")
        .hasLineCount(1);
    assertThat(predict(folder.resolve("data"), "--split", "test").status()).isEqualTo(2);
    assertThat(predict(folder.resolve("data"), "--top", "0").status()).isEqualTo(2);
    assertThat(predict(folder.resolve("data"), "--format", "csv").error())
        .startsWith("Cannot use --format csv: it is none of parquet, coco, png");
    TinyRun.assertFails(
        predict(folder.resolve("data"), "--format", "coco"),
        "Cannot write predictions as --format coco: run "
            + folder.resolve("run")
            + " is for classification, whose predictions are written as parquet");
    assertThat(predict(folder.resolve("data"), "--format", "png").error())
        .startsWith("Cannot write predictions as --format png: run ")
        .hasLineCount(1);
  }

  private List<Group> rows() throws IOException {
    return PredictedRows.in(out());
  }
}
