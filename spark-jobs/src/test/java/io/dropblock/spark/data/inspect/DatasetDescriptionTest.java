package io.dropblock.spark.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Histogram;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDescriptionTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void countsImagesClassesAndSizes() throws IOException {
    List<ImageRecord> train = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < 100; i++) {
      // Widths of 10 to 109 pixels, one height; 70, 20, 10 and no images of a class.
      byte[] image = TestImages.jpeg(10 + i, 20, i);
      bytes += image.length;
      train.add(new ImageRecord(image, new ClassLabel(i < 70 ? 0 : i < 90 ? 1 : 2), "train/" + i));
    }
    store(
        train,
        List.of(new ImageRecord(TestImages.png(300, 200, 1), new ClassLabel(1), "val/0")),
        4);
    DatasetDescription description = describe(4, 1);
    assertThat(description.counts().train()).containsExactly(70L, 20L, 10L, 0L);
    assertThat(description.counts().val()).containsExactly(0L, 1L, 0L, 0L);
    Histogram widths = description.widths();
    assertThat(List.of(widths.min(), widths.median(), widths.max())).containsExactly(10, 60, 300);
    assertThat(widths.count()).isEqualTo(101);
    Histogram heights = description.heights();
    assertThat(List.of(heights.min(), heights.median(), heights.max()))
        .containsExactly(20, 20, 200);
    assertThat(description.imageBytes()).isEqualTo(bytes + TestImages.png(300, 200, 1).length);
    assertThat(description.sheet().thumbnails())
        .extracting(Thumbnail::label)
        .hasSize(4)
        .contains(0, 1, 2)
        .doesNotContain(3);
  }

  @Test
  void drawsImagesOfRandomClassesAboveTheirNames() throws IOException {
    // The colour says the class.
    List<ImageRecord> train = new ArrayList<>();
    for (int i = 0; i < 180; i++) {
      BufferedImage plain = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 32 * 16; pixel++) {
        plain.setRGB(pixel % 32, pixel / 32, colour(i % 9));
      }
      train.add(
          new ImageRecord(TestImages.encode(plain, "png"), new ClassLabel(i % 9), "train/" + i));
    }
    store(train, List.of(), 9);
    ContactSheet sheet = describe(5, 1).sheet();
    BufferedImage drawn = read(png(sheet));
    assertThat(sheet.columns()).isEqualTo(3);
    assertThat(drawn.getWidth()).isEqualTo(3 * 168 + 8);
    assertThat(drawn.getHeight()).isEqualTo(2 * 186 + 8);
    for (int i = 0; i < 5; i++) {
      int x = 8 + i % 3 * 168;
      int y = 8 + i / 3 * 186;
      int label = sheet.thumbnails().get(i).label();
      // 32 x 16 pixels, each a square of 5, above the lower edge of the cell.
      for (int[] at : new int[][] {{0, 80}, {159, 80}, {0, 159}, {159, 159}, {80, 120}}) {
        assertThat(drawn.getRGB(x + at[0], y + at[1])).isEqualTo(colour(label));
      }
      assertThat(drawn.getRGB(x + 80, y + 79)).isEqualTo(Color.WHITE.getRGB());
      assertThat(darkPixels(drawn, x, y + 161)).as("a name").isBetween(20, 400);
    }
    assertThat(sheet.thumbnails()).extracting(Thumbnail::label).doesNotHaveDuplicates();
  }

  @Test
  void theSeedChoosesTheImages() throws IOException {
    store(TestShards.records("t", 300, 50), TestShards.records("v", 50, 50), 50);
    byte[] first = png(describe(10, 1).sheet());
    assertThat(png(describe(10, 1).sheet())).isEqualTo(first);
    assertThat(png(describe(10, 2).sheet())).isNotEqualTo(first);
    HashSet<Integer> classes = new HashSet<>();
    for (int seed = 0; seed < 8; seed++) {
      describe(10, seed).sheet().thumbnails().forEach(image -> classes.add(image.label()));
    }
    // 80 draws of 10 different ones among 50: 42 of them are expected.
    assertThat(classes).hasSizeGreaterThan(30);
  }

  @Test
  void cutsLongNames() {
    String name = "very long name of a class ".repeat(9);
    Thumbnail image = new Thumbnail(0, 1, 1, new byte[3], new ClassLabel(0), 1, 1);
    BufferedImage drawn =
        new ContactSheet(new ClassLabelKind(), List.of(name), List.of(image)).draw();
    assertThat(drawn.getWidth()).isEqualTo(176);
    for (int y = 0; y < drawn.getHeight(); y++) {
      assertThat(drawn.getRGB(175, y)).isEqualTo(Color.WHITE.getRGB());
    }
    assertThat(darkPixels(drawn, 8, 169)).isPositive();
  }

  @Test
  void namesARecordWhoseLabelIsNoClass() throws IOException {
    store(TestShards.records("t", 60, 5), List.of(), 4);
    assertThatThrownBy(() -> describe(4, 1))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot describe " + folder + ": Cannot read record 4 (t/4.jpg) of ")
        .hasMessageEndingWith("train-00000.parquet: label 4 of 4 classes");
  }

  @Test
  void theMedianOfAnEvenNumberIsTheLower() {
    Histogram histogram = new Histogram();
    List.of(1, 1, 2, 9).forEach(histogram::add);
    assertThat(histogram.median()).isEqualTo(1);
    histogram.add(3);
    assertThat(histogram.median()).isEqualTo(2);
  }

  private void store(List<ImageRecord> train, List<ImageRecord> val, int classes)
      throws IOException {
    int half = Math.max(64, train.size() / 128 * 64);
    List<Shard> shards = new ArrayList<>();
    shards.add(
        TestShards.write(
            folder, "train-00000.parquet", train.subList(0, Math.min(half, train.size())), 64));
    if (train.size() > half) {
      shards.add(
          TestShards.write(folder, "train-00001.parquet", train.subList(half, train.size()), 64));
    }
    DatasetManifest manifest =
        TestShards.manifest(
            shards,
            val.isEmpty()
                ? Collections.emptyList()
                : List.of(TestShards.write(folder, "val-00000.parquet", val, 64)),
            classes);
    TestShards.write(folder, manifest);
  }

  private DatasetDescription describe(int images, long seed) {
    return DatasetDescription.of(
        spark, new org.apache.hadoop.fs.Path(folder.toString()), images, seed, JobProgress.NONE);
  }

  private static int colour(int label) {
    return 0xFF000000 | label * 0x1B0D05 + 0x102030;
  }

  private static int darkPixels(BufferedImage image, int left, int top) {
    int dark = 0;
    for (int y = top; y < top + 18; y++) {
      for (int x = left; x < left + 160; x++) {
        dark += (image.getRGB(x, y) & 0xFF) < 128 ? 1 : 0;
      }
    }
    return dark;
  }

  private static byte[] png(ContactSheet sheet) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sheet.write(out);
    return out.toByteArray();
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
