package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.Mask;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.prepare.Preparation;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.source.coco.Coco;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some real images of COCO 2017 with their objects, to shards and back. */
class CocoRoadTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("dropblock.test.data", "absent"), "coco-mini");

  /**
   * Annotations of each category in the order of the ids, counted in the JSON files by Python:
   * {@code Counter(a["category_id"] for a in json.load(f)["annotations"])}.
   */
  private static final String TRAIN_COUNTS =
      "172 2 33 1 5 12 2 7 15 3 1 2 3 11 2 3 7 5 1 4 4 3 2 1 7 6 4 1 9 2 3 2 4 1 3 2 5 3 1 22 12 33"
          + " 9 17 3 20 5 1 15 3 2 2 2 8 11 9 47 2 10 4 21 6 5 2 3 1 4 4 3 5 1 7 3 50 3 8 7 7 1 7";

  private static final String VAL_COUNTS =
      "118 1 15 8 2 3 3 5 18 7 2 1 3 5 6 2 3 2 6 9 2 2 3 2 2 1 5 6 12 1 1 1 3 1 2 4 2 1 1 31 2 10 7"
          + " 7 6 24 3 5 1 9 25 1 0 5 28 11 24 2 15 3 12 2 8 8 3 6 5 4 3 7 2 6 8 45 3 8 1 0 1 2";

  /**
   * Pixels of the crowds by {@code pycocotools.mask} 2.0.11; what the files say of most of them is
   * more.
   */
  private static final Map<Long, Integer> CROWD_AREAS =
      Map.ofEntries(
          Map.entry(908400535506L, 2442),
          Map.entry(900100433998L, 860),
          Map.entry(900900159269L, 776),
          Map.entry(900100129648L, 16573),
          Map.entry(900100370162L, 40661),
          Map.entry(900100174375L, 39683),
          Map.entry(900100538113L, 43588),
          Map.entry(906200174375L, 11710),
          Map.entry(908400255165L, 8603),
          Map.entry(905600092660L, 25630),
          Map.entry(906000034417L, 5517),
          Map.entry(908400553664L, 62164),
          Map.entry(900100217285L, 95170));

  private static JavaSparkContext spark;
  private static DatasetManifest manifest;
  private static Map<String, ImageRecord> records;

  @TempDir static Path temp;

  @BeforeAll
  static void prepare() {
    Assumptions.assumeTrue(
        Files.exists(SAMPLE),
        "no COCO sample at " + SAMPLE + " (system property dropblock.test.data)");
    spark = LocalSpark.start(2);
    manifest =
        Preparation.run(
            spark,
            Coco.list(hadoop(SAMPLE), new Configuration()),
            hadoop(temp.resolve("data")),
            PreparationSettings.of("coco", 0));
    records = records();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  @Test
  void countsObjectsAsTheFilesHaveThem() {
    assertThat(manifest.kind()).isEqualTo(new ObjectSetKind());
    assertThat(manifest.broken()).isEmpty();
    assertThat(manifest.records(Split.TRAIN)).isEqualTo(80);
    assertThat(manifest.records(Split.VAL)).isEqualTo(79);
    assertThat(manifest.counts())
        .isEqualTo(
            new ClassCounts(
                Stream.of(TRAIN_COUNTS.split(" ")).map(Long::valueOf).toList(),
                Stream.of(VAL_COUNTS.split(" ")).map(Long::valueOf).toList()));
    assertThat(manifest.classes())
        .hasSize(80)
        .startsWith("person", "bicycle", "car")
        .endsWith("teddy bear", "hair drier", "toothbrush");
    assertThat(manifest.categoryIds())
        .hasSize(80)
        .startsWith(1, 2, 3)
        .contains(11, 13)
        .doesNotContain(12, 91)
        .endsWith(88, 89, 90);
  }

  @Test
  void keepsTheObjectsOfKnownImages() {
    ObjectSet train = objects("train2017/000000535506.jpg");
    assertThat(train.imageId()).isEqualTo(535506);
    assertThat(train.objects()).hasSize(29);
    ImageObject person = train.objects().get(0);
    assertThat(person.id()).isEqualTo(441444);
    assertThat(person.label()).isZero();
    assertThat(person.box()).isEqualTo(new Box(120.46, 133.32, 212.31, 498.58));
    assertThat(person.area()).isEqualTo(52634.3678);
    assertThat(person.crowd()).isFalse();
    assertThat(((Polygons) person.shape()).rings()[0]).hasSize(78).startsWith(150.59f, 622.31f);
    ImageObject books = train.objects().get(28);
    assertThat(books.id()).isEqualTo(908400535506L);
    assertThat(manifest.categoryIds().get(books.label())).isEqualTo(84);
    assertThat(manifest.classes().get(books.label())).isEqualTo("book");
    assertThat(books.crowd()).isTrue();
    assertThat(books.shape()).isInstanceOf(RunLengths.class);

    ObjectSet val = objects("val2017/000000397133.jpg");
    assertThat(val.objects()).hasSize(19);
    ImageObject last = val.objects().get(18);
    assertThat(last.box()).isEqualTo(new Box(497.25, 203.4, 122.01, 28.61));
    assertThat(manifest.classes().get(last.label())).isEqualTo("sink");
  }

  @Test
  void keepsThePixelsOfKnownImages() throws BrokenImageException {
    // By Pillow 12.3.0 and NumPy.
    assertPixels("train2017/000000535506.jpg", 480, 640, 99.0513, 89.3914, 86.1655);
    assertPixels("val2017/000000397133.jpg", 640, 427, 80.5389, 65.3883, 50.0267);
  }

  @Test
  void masksAreAsLargeAsTheyShouldBe() throws BrokenImageException {
    double sum = 0;
    double drawn = 0;
    int crowds = 0;
    for (ImageRecord record : records.values()) {
      ImageSize size = ImageSize.of(record.bytes());
      for (ImageObject object : ((ObjectSet) record.annotation()).objects()) {
        int area = Mask.of(object.shape(), size.width(), size.height()).area();
        String what = String.format(Locale.ROOT, "%s of %s", object, record.name());
        if (object.crowd()) {
          assertThat(area).as(what).isEqualTo(CROWD_AREAS.get(object.id()));
          crowds++;
        } else {
          // At worst a long edge passes just by a row of centres, and half a pixel is lost along
          // it.
          double edge = object.box().width() + object.box().height();
          assertThat((double) area).as(what).isCloseTo(object.area(), within(2 + .5 * edge));
        }
        sum += object.crowd() ? 0 : object.area();
        drawn += object.crowd() ? 0 : area;
      }
    }
    assertThat(crowds).isEqualTo(13);
    assertThat(drawn / sum).isCloseTo(1, within(.005));
  }

  private static void assertPixels(
      String name, int width, int height, double red, double green, double blue)
      throws BrokenImageException {
    Image image = ImageDecoder.decode(records.get(name).bytes());
    assertThat(image.width()).isEqualTo(width);
    assertThat(image.height()).isEqualTo(height);
    double[] sums = new double[3];
    for (int i = 0; i < image.rgb().length; i++) {
      sums[i % 3] += image.rgb()[i] & 0xFF;
    }
    double[] means = {red, green, blue};
    for (int channel = 0; channel < 3; channel++) {
      assertThat(sums[channel] / (width * height)).isCloseTo(means[channel], within(.5));
    }
  }

  private static ObjectSet objects(String name) {
    return (ObjectSet) records.get(name).annotation();
  }

  private static Map<String, ImageRecord> records() {
    Map<String, ImageRecord> records = new TreeMap<>();
    for (Split split : Split.values()) {
      for (Shard shard : manifest.shards(split)) {
        try (ShardReader reader =
            ShardReader.open(
                hadoop(temp.resolve("data")), shard, new ObjectSetKind(), new Configuration())) {
          for (int block = 0; block < shard.blocks().size(); block++) {
            reader.block(block).forEach(record -> records.put(record.name(), record));
          }
        }
      }
    }
    return records;
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
