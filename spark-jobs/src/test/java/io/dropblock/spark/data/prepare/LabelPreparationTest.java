package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.voc.TestVoc;
import io.dropblock.spark.data.source.voc.Voc2012;
import io.dropblock.spark.data.source.voc.VocTraining;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label maps in files of their own: VOC's PNGs and SBD's MATLAB files. */
class LabelPreparationTest {
  private static final PreparationSettings SETTINGS =
      PreparationSettings.of("labels", 7).withBlockRecords(64);

  private static JavaSparkContext spark;

  @TempDir Path temp;
  private TestVoc voc;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void draw() throws IOException {
    voc = TestVoc.draw(temp, 70, 3);
  }

  @Test
  void storesTheFilesAsTheyAre() throws IOException {
    DatasetManifest manifest = prepare(VocTraining.OWN, SETTINGS);
    assertThat(manifest.kind()).isEqualTo(new LabelMapKind());
    assertThat(manifest.classes()).isEqualTo(Voc2012.CLASSES);
    // Images that show the class: all have background and a person.
    assertThat(manifest.counts()).isEqualTo(new ClassCounts(counts(70), counts(3)));
    Map<String, ImageRecord> train = records(manifest, Split.TRAIN);
    assertThat(train).hasSize(70);
    for (Map.Entry<String, ImageRecord> entry : train.entrySet()) {
      String name = entry.getKey().substring("train/".length(), entry.getKey().length() - 4);
      assertThat(entry.getValue().bytes()).isEqualTo(read("JPEGImages/" + name + ".jpg"));
      assertThat(png(entry.getValue())).isEqualTo(read("SegmentationClass/" + name + ".png"));
    }
  }

  @Test
  void storesSbdsLabelsAsGreyPngs() throws Exception {
    Path dataset = temp.resolve("dataset");
    TestVoc.sbd(dataset, List.of("c0"), List.of("c1"), 3);
    // As high as the image and as wide, and not the other way round.
    Files.write(dataset.resolve("cls/c1.mat"), TestVoc.mat(20, 12, (x, y) -> (x + 5 * y) % 21));
    voc.image("c0").image("c1");
    DatasetManifest manifest = prepare(new VocTraining(null, path("dataset")), SETTINGS);
    Map<String, ImageRecord> train = records(manifest, Split.TRAIN);
    assertThat(train).hasSize(72);
    LabelImage labels = LabelImage.decode(png(train.get("train/c1.jpg")));
    assertThat(labels.width()).isEqualTo(20);
    for (int y = 0; y < 12; y++) {
      for (int x = 0; x < 20; x++) {
        assertThat(labels.label(x, y)).isEqualTo((x + 5 * y) % 21);
      }
    }
    // c0 is of class 3 alone, c1 shows all.
    assertThat(manifest.counts().train().get(3)).isEqualTo(2);
    assertThat(manifest.counts().train().get(0)).isEqualTo(71);
  }

  @Test
  void namesLabelsThatAreBroken() throws IOException {
    byte[] good = TestVoc.png(20, 12, (x, y) -> 1);
    label("a0", new byte[0]);
    label("a1", Arrays.copyOf(good, good.length - 20));
    label("a2", TestImages.png(20, 12, 1));
    label("a3", TestVoc.png(12, 20, (x, y) -> 1));
    label("a4", TestVoc.png(20, 12, (x, y) -> x == 3 && y < 2 ? 21 : 255));
    label("a5", "no image".getBytes(StandardCharsets.US_ASCII));
    byte[] flipped = good.clone();
    // Within the pixels, which are the last chunk but one.
    flipped[good.length - 20] ^= 1;
    label("a6", flipped);
    List<String> reasons =
        List.of(
            "SegmentationClass/a0.png: the label map is empty",
            "SegmentationClass/a1.png: PNG is cut short at byte ",
            "SegmentationClass/a2.png: the label map is a PNG of colour type 2 with 8 bits",
            "SegmentationClass/a3.png: the label map has 12 x 20 pixels, but its image has 20 x 12",
            "SegmentationClass/a4.png: the label map has 2 pixels of label 21, but there are 21 classes",
            "SegmentationClass/a5.png: the label map is no PNG",
            "SegmentationClass/a6.png: PNG has a wrong checksum in the chunk at byte ");
    assertThatThrownBy(() -> prepare(VocTraining.OWN, SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(": 7 broken images: train/a0.jpg (" + reasons.get(0) + "), ");
    assertThat(temp.resolve("out")).doesNotExist();
    DatasetManifest manifest = prepare(VocTraining.OWN, SETTINGS.skippingBroken());
    assertThat(manifest.broken()).hasSize(7);
    for (int i = 0; i < 7; i++) {
      assertThat(manifest.broken().get(i).name()).isEqualTo("train/a" + i + ".jpg");
      assertThat(manifest.broken().get(i).reason()).startsWith(reasons.get(i));
    }
    assertThat(manifest.counts()).isEqualTo(new ClassCounts(counts(63), counts(3)));
    assertThat(records(manifest, Split.TRAIN)).hasSize(63);
  }

  @Test
  void namesMatlabFilesThatAreBroken() throws IOException {
    Path dataset = temp.resolve("dataset");
    List<String> names = TestVoc.numbered("c", 4);
    TestVoc.sbd(dataset, names, List.of("b0"), 3);
    for (String name : names) {
      voc.image(name);
    }
    byte[] good = Files.readAllBytes(dataset.resolve("cls/c0.mat"));
    Files.write(dataset.resolve("cls/c0.mat"), Arrays.copyOf(good, good.length - 10));
    Files.write(dataset.resolve("cls/c1.mat"), new byte[0]);
    Files.write(dataset.resolve("cls/c2.mat"), TestVoc.mat(12, 20, (x, y) -> 1));
    Files.write(dataset.resolve("cls/c3.mat"), TestVoc.mat(20, 12, (x, y) -> 21 + x % 2));
    DatasetManifest manifest =
        prepare(new VocTraining(null, path("dataset")), SETTINGS.skippingBroken());
    assertThat(manifest.broken())
        .extracting(BrokenImage::reason)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("cls/c0.mat: MATLAB file: "),
            second ->
                assertThat(second).isEqualTo("cls/c1.mat: MATLAB file: it is no MATLAB 5 file"),
            third ->
                assertThat(third)
                    .isEqualTo(
                        "cls/c2.mat: the label map has 12 x 20 pixels, but its image has 20 x 12"),
            fourth ->
                assertThat(fourth)
                    .isEqualTo(
                        "cls/c3.mat: the label map has 120 pixels of label 21, but there are 21 classes"));
  }

  @Test
  void saysThatALabelFileShrank() throws IOException {
    ImageListing listing = list(VocTraining.OWN);
    byte[] bytes = read("SegmentationClass/a3.png");
    label("a3", Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> Preparation.run(spark, listing, path("out"), SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot prepare labels: Cannot read SegmentationClass/a3.png: it is shorter than when it was listed");
  }

  @Test
  void refusesToResize() {
    assertThatThrownBy(() -> prepare(VocTraining.OWN, SETTINGS.withResize(Resize.to(32))))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("their annotations would not fit, as its task is segmentation");
  }

  private static List<Long> counts(long images) {
    List<Long> counts = new ArrayList<>(Collections.nCopies(21, 0L));
    counts.set(0, images);
    counts.set(15, images);
    return counts;
  }

  private void label(String name, byte[] png) throws IOException {
    voc.label("SegmentationClass", name, png);
  }

  private byte[] read(String name) throws IOException {
    return Files.readAllBytes(voc.folder().resolve(name));
  }

  private static byte[] png(ImageRecord record) {
    return ((LabelMap) record.annotation()).png();
  }

  private ImageListing list(VocTraining training) {
    return Voc2012.list(
        new org.apache.hadoop.fs.Path(temp.toString()), training, new Configuration());
  }

  private DatasetManifest prepare(VocTraining training, PreparationSettings settings) {
    return Preparation.run(spark, list(training), path("out"), settings);
  }

  private Map<String, ImageRecord> records(DatasetManifest manifest, Split split) {
    Map<String, ImageRecord> records = new HashMap<>();
    for (Shard shard : manifest.shards(split)) {
      try (ShardReader reader =
          ShardReader.open(path("out"), shard, new LabelMapKind(), new Configuration())) {
        for (int block = 0; block < shard.blocks().size(); block++) {
          reader.block(block).forEach(record -> records.put(record.name(), record));
        }
      }
    }
    return records;
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(temp.resolve(name).toString());
  }
}
