package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of 40 x 30 pixels with objects. */
class ObjectPreparationTest {
  private static final PreparationSettings SETTINGS =
      PreparationSettings.of("objects", 7).withBlockRecords(64);

  private static JavaSparkContext spark;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void storesObjectsBesideTheirImage() throws IOException {
    ImageListing listing = listing(List.of());
    DatasetManifest manifest = Preparation.run(spark, listing, out(), SETTINGS);
    assertThat(manifest.kind()).isEqualTo(new ObjectSetKind());
    assertThat(manifest.counts()).isEqualTo(new ClassCounts(List.of(70L, 34L), List.of(0L, 0L)));
    assertThat(ManifestFile.read(out(), new Configuration())).isEqualTo(manifest);
    int found = 0;
    for (Shard shard : manifest.train()) {
      try (ShardReader reader =
          ShardReader.open(out(), shard, new ObjectSetKind(), new Configuration())) {
        for (int block = 0; block < shard.blocks().size(); block++) {
          for (ImageRecord record : reader.block(block)) {
            int number = Integer.parseInt(record.name());
            assertThat(record.annotation()).isEqualTo(objects(number));
            assertThat(record.bytes())
                .isEqualTo(Files.readAllBytes(temp.resolve(record.name() + ".jpg")));
            found++;
          }
        }
      }
    }
    assertThat(found).isEqualTo(70);
  }

  @Test
  void refusesToReadItAsAnotherTask() throws IOException {
    DatasetManifest manifest = Preparation.run(spark, listing(List.of()), out(), SETTINGS);
    Shard shard = manifest.train().get(0);
    assertThatThrownBy(
            () -> ShardReader.open(out(), shard, new LabelMapKind(), new Configuration()))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("its columns are not image, labels, name");
  }

  @Test
  void namesAnnotationsThatDoNotFit() throws IOException {
    List<ImageObject> wrong =
        List.of(
            new ImageObject(91, 0, new Box(30, 0, 10.5, 5), 1, false, null),
            new ImageObject(92, 0, new Box(-0.5, 0, 5, 5), 1, false, null),
            new ImageObject(93, 0, new Box(0, 26, 5, 5), 1, false, null),
            new ImageObject(94, 2, new Box(0, 0, 40, 30), 1, false, null));
    ImageListing listing = listing(wrong);
    assertThatThrownBy(() -> Preparation.run(spark, listing, out(), SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4 broken images: ")
        .hasMessageContaining("the box of object 91")
        .hasMessageContaining("leaves the image of 40 x 30 pixels");
    DatasetManifest manifest = Preparation.run(spark, listing, out(), SETTINGS.skippingBroken());
    assertThat(manifest.broken()).extracting(BrokenImage::name).containsExactly("0", "1", "2", "3");
    assertThat(manifest.broken().get(3).reason()).isEqualTo("label 2 of 2 classes");
    assertThat(manifest.records(Split.TRAIN)).isEqualTo(66);
  }

  /** All images that show something are broken. */
  @Test
  void refusesASetWithoutObjectsToTrainOn() throws IOException {
    Path file = temp.resolve("0.jpg");
    Files.write(file, TestImages.jpeg(40, 30, 0));
    Path broken = temp.resolve("1.jpg");
    Files.write(broken, new byte[] {1, 2, 3});
    ImageListing listing =
        new ImageListing(
            new ObjectSetKind(),
            "drawn",
            List.of("cat", "dog"),
            List.of(image(file, "0", new ObjectSet(0, List.of())), image(broken, "1", objects(1))),
            List.of(image(file, "2", objects(2))),
            0);
    assertThatThrownBy(() -> Preparation.run(spark, listing, out(), SETTINGS.skippingBroken()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Cannot prepare drawn: no training image shows one of its classes, 1 broken image: 1 (");
  }

  @Test
  void refusesToResize() throws IOException {
    ImageListing listing = listing(List.of());
    assertThatThrownBy(
            () -> Preparation.run(spark, listing, out(), SETTINGS.withResize(Resize.to(32))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot resize the images of drawn")
        .hasMessageContaining("its task is detection");
  }

  /** 70 images; the first ones have an object each that is given. */
  private ImageListing listing(List<ImageObject> given) throws IOException {
    List<ImageFile> files = new ArrayList<>();
    for (int number = 0; number < 70; number++) {
      Path file = temp.resolve(number + ".jpg");
      Files.write(file, TestImages.jpeg(40, 30, number));
      ObjectSet set =
          number < given.size()
              ? new ObjectSet(number, List.of(given.get(number)))
              : objects(number);
      files.add(image(file, String.valueOf(number), set));
    }
    return new ImageListing(
        new ObjectSetKind(), "drawn", List.of("cat", "dog"), files, List.of(), 0);
  }

  private static ImageFile image(Path file, String name, ObjectSet set) throws IOException {
    return new ImageFile(file.toString(), 0, Files.size(file), name, new GroundTruth.Known(set));
  }

  /** One cat in each image, a dog as large as the image in each of the last 34. */
  private static ObjectSet objects(int number) {
    List<ImageObject> objects = new ArrayList<>();
    objects.add(new ImageObject(2 * number, 0, new Box(1, 2, 3, 4), number, false, null));
    if (number >= 36) {
      objects.add(new ImageObject(2 * number + 1, 1, new Box(0, 0, 40, 30), 5, true, null));
    }
    return new ObjectSet(number, objects);
  }

  private org.apache.hadoop.fs.Path out() {
    return new org.apache.hadoop.fs.Path(temp.resolve("out").toString());
  }
}
