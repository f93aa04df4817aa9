package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnShapes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code prepare} of an image folder, and of what it stored. */
@ExtendWith(SparkInThisJvm.class)
class PrepareFolderTest {
  @TempDir private static Path shared;
  @TempDir private Path temporary;

  @BeforeAll
  static void prepareImages() throws IOException {
    LocalFileSystem files = org.apache.hadoop.fs.FileSystem.getLocal(new Configuration());
    new DrawnShapes(1)
        .write(files.getRaw(), new org.apache.hadoop.fs.Path(images().toString()), 24, 6);
    assertThat(Answer.to("prepare", images().toString(), "--out", data().toString()).status())
        .isZero();
  }

  private static Path images() {
    return shared.resolve("images");
  }

  private static Path data() {
    return shared.resolve("data");
  }

  @Test
  void trainsOnSoManyImagesOfEachClass() {
    assertThat(Answer.to("prepare", images().toString(), "--out", out(), "--per-class", "5").out())
        .contains(
            "Trained on: 30 of 144 images, at most 5 of each class",
            "6 classes, 30 images to train on, 36 to validate on");
    assertThat(
            Answer.to("prepare", images().toString(), "--out", out(), "--per-class", "6").error())
        .hasLineCount(1)
        .contains("exists already");
  }

  @Test
  void namesACorruptImageAndSkipsItOnlyWhenTold() throws IOException {
    Path copy = temporary.resolve("images");
    copyTree(images(), copy);
    Path broken = copy.resolve("train/ring/0003.jpg");
    Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 300));
    Answer refused = Answer.to("prepare", copy.toString(), "--out", out());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error()).hasLineCount(1).contains("1 broken image").contains("0003.jpg");
    assertThat(Path.of(out())).doesNotExist();
    Files.createSymbolicLink(copy.resolve("train/ring/lost.jpg"), Path.of("gone.jpg"));
    Files.write(copy.resolve("train/ring/new.webp"), new byte[1]);
    Files.write(
        copy.resolve("train/ring/0004.jpg"),
        "RIFF0000WEBPVP8 ".getBytes(StandardCharsets.US_ASCII));
    assertThat(Answer.to("prepare", copy.toString(), "--out", out()).error())
        .hasLineCount(1)
        .contains("1 broken entry: file:" + copy + ", train/ring/lost.jpg (it is a symbolic link");

    Answer skipped = Answer.to("prepare", copy.toString(), "--out", out(), "--skip-broken");
    assertThat(skipped.status()).isZero();
    assertThat(skipped.out())
        .contains("142 images to train on")
        .contains("Passed over 1 file: 1 WebP image (train/ring/new.webp), which this program")
        .contains("Left out train/ring/0003.jpg: ")
        .contains("Left out train/ring/0004.jpg: its format is WebP, whatever its name says")
        .contains("train/ring/lost.jpg: it is a symbolic link to gone.jpg, which is not there");
  }

  @Test
  void checksAndDescribesWhatIsStored() throws IOException {
    Answer checked = Answer.to("prepare", "--check", data().toString());
    assertThat(checked.status()).isZero();
    assertThat(checked.out()).contains("180 records, no damage found");
    Path sheet = temporary.resolve("sheet.png");
    Answer described =
        Answer.to("prepare", "--describe", data().toString(), "--sheet", sheet.toString());
    assertThat(described.status()).isZero();
    assertThat(described.out())
        .contains("data: 6 classes, ")
        .contains("most 24 (circle), least 24 (triangle), ratio 1.00")
        .containsPattern("width +32 +32 +32")
        .contains("Contact sheet: " + sheet);
    assertThat(Files.readAllBytes(sheet)).startsWith(0x89, 'P', 'N', 'G');

    Path copy = temporary.resolve("data");
    copyTree(data(), copy);
    Path shard = copy.resolve("val-00000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);
    Answer damaged = Answer.to("prepare", "--check", copy.toString());
    assertThat(damaged.status()).isEqualTo(1);
    assertThat(damaged.out())
        .contains("val-00000.parquet, records 0 to 35: ")
        .contains(", damage in 1 place\n");
  }

  @Test
  void makesImagesSmallerWhenToldTo() {
    Answer answer =
        Answer.to("prepare", images().toString(), "--out", out(), "--resize", "32", "--name", "s");
    assertThat(answer.status()).isZero();
    assertThat(Answer.to("prepare", "--describe", out(), "--sheet", out() + ".png").out())
        .contains("short sides above 32 pixels reduced to that, JPEG quality 95");
    assertThat(
            Answer.to("prepare", images().toString(), "--out", out() + "2", "--resize", "5")
                .error())
        .contains("Invalid resize: a short side of 5 pixels is not in 32 to 4096");
  }

  @Test
  void asksForWhatIsMissing() {
    Answer answer = Answer.to("prepare", "--out", out());
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.error()).startsWith("Missing required parameter: 'SOURCE'");
    assertThat(Answer.to("prepare", images().toString()).error())
        .startsWith("Missing required option: '--out=DIR'");
  }

  @Test
  void namesAnEmptyClassFolder() throws IOException {
    Path copy = temporary.resolve("images");
    copyTree(images(), copy);
    Files.createDirectories(copy.resolve("train/zebra"));
    Answer answer = Answer.to("prepare", copy.toString(), "--out", out());
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error()).hasLineCount(1).contains("zebra");
    assertThat(Path.of(out())).doesNotExist();
  }

  private String out() {
    return temporary.resolve("out").toString();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
