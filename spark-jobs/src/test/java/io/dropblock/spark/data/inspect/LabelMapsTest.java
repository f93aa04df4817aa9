package io.dropblock.spark.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.kind.LabelMapTally;
import io.dropblock.spark.data.kind.LabelPixels;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.data.source.voc.TestVoc;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored label maps: checked, counted, drawn. */
class LabelMapsTest {
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
  void checksThem() throws IOException {
    List<ImageRecord> train = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      train.add(record("train/" + i, (x, y) -> x % 4));
    }
    store(train);
    assertThat(check().damages()).isEmpty();
    byte[] good = TestVoc.png(20, 12, (x, y) -> 1);
    train.set(2, record("train/2", (x, y) -> x < 1 ? 4 : 255));
    train.set(5, new ImageRecord(image(5), new LabelMap(TestVoc.png(20, 13, (x, y) -> 0)), "t5"));
    train.set(66, new ImageRecord(image(5), new LabelMap(Arrays.copyOf(good, 80)), "t66"));
    store(train);
    assertThat(check().damages())
        .extracting(Damage::toString)
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .isEqualTo(
                        "train-00000.parquet, record 2 (train/2): the label map has 12 pixels of label 4, but there are 4 classes"),
            second ->
                assertThat(second)
                    .isEqualTo(
                        "train-00000.parquet, record 5 (t5): the label map has 20 x 13 pixels, but its image has 20 x 12"),
            third ->
                assertThat(third)
                    .startsWith("train-00000.parquet, record 66 (t66): PNG is cut short"));
    assertThatThrownBy(() -> describe(4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record 2 (train/2)")
        .hasMessageContaining("the label map has 12 pixels of label 4");
  }

  @Test
  void countsPixelsAndImages() throws IOException {
    List<ImageRecord> train = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      // A column of void, and another class in each image, of two columns.
      int label = 1 + i % 2;
      train.add(record("train/" + i, (x, y) -> x == 0 ? 255 : x < 3 ? label : 0));
    }
    store(train);
    DatasetDescription description = describe(9);
    assertThat(description.counts().train()).containsExactly(70L, 35L, 35L, 0L);
    assertThat(((LabelMapTally) description.train()).pixels())
        .isEqualTo(
            new LabelPixels(List.of(70L * 17 * 12, 35L * 2 * 12, 35L * 2 * 12, 0L), 70 * 12));
    assertThat(((LabelMapTally) description.val()).pixels())
        .isEqualTo(((LabelMapTally) new LabelMapKind().tally(4)).pixels());
    // Under what they show, not under the background.
    assertThat(description.sheet().thumbnails())
        .extracting(Thumbnail::label)
        .containsOnly(1, 2)
        .hasSizeGreaterThan(4);
  }

  @Test
  void tintsAnImageByItsLabels() throws IOException, BrokenImageException {
    byte[] grey = plain(0x646464);
    IntBinaryOperator labels = (x, y) -> y < 6 ? x < 10 ? 0 : 255 : x < 10 ? 3 : 2;
    ImageRecord record =
        new ImageRecord(grey, new LabelMap(TestVoc.png(20, 12, labels)), "train/0");
    store(List.of(record));
    ContactSheet sheet = describe(1).sheet();
    Thumbnail thumbnail = sheet.thumbnails().get(0);
    assertThat(thumbnail.label()).isEqualTo(2);
    assertThat(sheet.caption(thumbnail)).isEqualTo("class2, class3");
    BufferedImage image = sheet.picture(thumbnail);
    assertThat(image.getWidth()).isEqualTo(320);
    assertThat(image.getHeight()).isEqualTo(192);
    for (int[] corner : new int[][] {{0, 0}, {159, 95}}) {
      assertThat(rgb(image, corner[0], corner[1])).isEqualTo(0x646464);
      // Half of (128, 128, 0) and (0, 128, 0), and half of 100.
      assertThat(rgb(image, corner[0], corner[1] + 96)).isEqualTo(0x727232);
      assertThat(rgb(image, corner[0] + 160, corner[1] + 96)).isEqualTo(0x327232);
      assertThat(rgb(image, corner[0] + 160, corner[1])).isEqualTo(0xE0E0C0);
    }
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFFFFFF;
  }

  private static byte[] plain(int colour) {
    BufferedImage image = new BufferedImage(20, 12, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 240; pixel++) {
      image.setRGB(pixel % 20, pixel / 20, colour);
    }
    return TestImages.encode(image, "png");
  }

  private static byte[] image(long seed) {
    return TestImages.jpeg(20, 12, seed);
  }

  private static ImageRecord record(String name, IntBinaryOperator labels) {
    return new ImageRecord(image(name.hashCode()), new LabelMap(TestVoc.png(20, 12, labels)), name);
  }

  private void store(List<ImageRecord> train) throws IOException {
    // A new file each time, as a writer never writes over one.
    Path shards = folder.resolve("set");
    org.apache.hadoop.fs.FileSystem files =
        hadoop().getFileSystem(new org.apache.hadoop.conf.Configuration());
    files.delete(hadoop(), true);
    files.mkdirs(hadoop());
    Shard shard = TestShards.write(shards, "train-00000.parquet", train, 64);
    TestShards.write(shards, TestShards.manifest(new LabelMapKind(), List.of(shard), List.of(), 4));
  }

  private org.apache.hadoop.fs.Path hadoop() {
    return new org.apache.hadoop.fs.Path(folder.resolve("set").toString());
  }

  private CheckReport check() {
    return DatasetCheck.run(spark, hadoop(), JobProgress.NONE);
  }

  private DatasetDescription describe(int images) {
    return DatasetDescription.of(spark, hadoop(), images, 1, JobProgress.NONE);
  }
}
