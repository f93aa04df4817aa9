package io.dropblock.spark.data.source.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TFRecords with the names of TFDS. */
class TfdsTest {
  private static final byte[] IMAGE = TestImages.png(32, 32, 1);
  private static final String TRAIN = "imagenet2012-train.tfrecord-00000-of-00002";
  private static final String MORE = "imagenet2012-train.tfrecord-00001-of-00002";
  private static final String VAL = "imagenet2012-validation.tfrecord-00000-of-00001";

  private static JavaSparkContext spark;

  @TempDir Path temp;
  private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void write() throws IOException {
    folder = Files.createDirectories(temp.resolve("imagenet2012/5.1.0"));
    write(TRAIN, record(2, "n00000033_7.JPEG"), record(0, "n00000011_1.JPEG"));
    write(MORE, record(0, "n00000011_2.JPEG"));
    write(VAL, record(2, "ILSVRC2012_val_00000001.JPEG"));
    Files.writeString(folder.resolve("label.labels.txt"), "n00000011\nn00000022\nn00000033\n");
    Files.writeString(folder.resolve("dataset_info.json"), "{}");
    Files.writeString(folder.resolve("features.json"), "{}");
  }

  @Test
  void takesLabelsAsTheyAreAndTheirNamesFromBeside() throws IOException {
    for (Path source : List.of(folder, folder.getParent())) {
      ImageListing listing = list(source);
      assertThat(listing.classes()).containsExactly("n00000011", "n00000022", "n00000033");
      assertThat(listing.train())
          .extracting(image -> image.name() + " " + image.label())
          .containsExactly(
              "train/" + TRAIN + "/00000/n00000033_7.JPEG 2",
              "train/" + TRAIN + "/00001/n00000011_1.JPEG 0",
              "train/" + MORE + "/00000/n00000011_2.JPEG 0");
      assertThat(listing.val()).extracting(ImageFile::label).containsExactly(2);
      assertThat(listing.notes()).isEmpty();
      assertThat(listing.ignored()).isZero();
      ImageFile image = listing.train().get(1);
      byte[] whole = Files.readAllBytes(folder.resolve(TRAIN));
      assertThat(
              Arrays.copyOfRange(
                  whole, (int) image.offset(), (int) (image.offset() + image.length())))
          .isEqualTo(IMAGE);
    }
  }

  @Test
  void refusesNamesInAnotherOrderThanTheLabels() throws IOException {
    Files.writeString(folder.resolve("label.labels.txt"), "n00000033\nn00000022\nn00000011\n");
    assertRefuses(
        "Cannot read file:%s/label.labels.txt: label 2 is n00000011 there, but that of train/%s/00000/n00000033_7.JPEG",
        folder, TRAIN);
    Files.writeString(folder.resolve("label.labels.txt"), "n00000033\nn00000033\n\n");
    assertRefuses(
        "Cannot read file:%s/label.labels.txt: it does not have 2 or more names of classes, all different",
        folder);
    Files.writeString(folder.resolve("label.labels.txt"), "n00000033\nn00000022\n");
    assertRefuses("Cannot read file:%s/%s: record 0: its label is 2, not 0 to 1", folder, TRAIN);
  }

  @Test
  void numbersClassesWithoutNames() throws IOException {
    Files.delete(folder.resolve("label.labels.txt"));
    assertThat(list(folder).classes()).containsExactly("class-0000", "class-0001", "class-0002");
    assertThat(list(folder).notes())
        .containsExactly(
            folder
                + ": classes without a name, as there is no label.labels.txt beside the records: 3, the first is class-0000");
    write(VAL, record(3, "ILSVRC2012_val_00000001.JPEG"));
    assertRefuses(
        "Cannot list TFRecords in %s: val/%s/00000/ILSVRC2012_val_00000001.JPEG has the label 3, but train ends at 2",
        folder, VAL);
    // What has no label, as images to test on, is no image to learn from.
    write(VAL, record(-1, "ILSVRC2012_val_00000001.JPEG"));
    assertRefuses("Cannot read file:%s/%s: record 0: its label is -1, not 0 to 99999", folder, VAL);
  }

  @Test
  void validatesOnTestWhereThereIsNothingElse() throws IOException {
    Path cifar = Files.createDirectory(temp.resolve("cifar10"));
    folder = cifar;
    write("cifar10-train.tfrecord-00000-of-00001", record(0, null), record(1, null));
    write("cifar10-test.tfrecord-00000-of-00001", record(1, null));
    Files.writeString(folder.resolve("label.labels.txt"), "airplane\nautomobile\n");
    ImageListing listing = list(folder);
    assertThat(listing.classes()).containsExactly("airplane", "automobile");
    assertThat(listing.val())
        .extracting(ImageFile::name)
        .containsExactly("val/cifar10-test.tfrecord-00000-of-00001/00000");
    assertThat(listing.notes())
        .containsExactly("there is no split validation: test is validated on");
    write("cifar10-validation.tfrecord-00000-of-00001", record(0, null));
    assertThat(list(folder).val()).extracting(ImageFile::label).containsExactly(0);
    assertThat(list(folder).notes()).containsExactly("the split test is not read");
  }

  @Test
  void namesWhatIsMissingOrTooMuch() throws IOException {
    write("mnist-train.tfrecord-00000-of-00001", record(0, null));
    assertRefuses(
        "Cannot list TFRecords in %s: there are both imagenet2012-train.tfrecord-00000-of-00002 and mnist-train.tfrecord-00000-of-00001, two data sets; name the folder of one",
        folder);
    Files.delete(folder.resolve("mnist-train.tfrecord-00000-of-00001"));
    Files.delete(folder.resolve(MORE));
    assertRefuses("Cannot list TFRecords in " + folder + ": " + MORE + " is missing");
    Files.delete(folder.resolve(VAL));
    write(MORE, record(0, null));
    assertRefuses(
        "Cannot list TFRecords in "
            + folder
            + ": there is no imagenet2012-validation.tfrecord-00000-of-...");
  }

  private static byte[] record(long label, String fileName) {
    TestRecords record = TestRecords.example().with("image", IMAGE).with("label", label);
    return (fileName == null
            ? record.with("id", "train_1".getBytes(StandardCharsets.US_ASCII))
            : record.with("file_name", fileName.getBytes(StandardCharsets.US_ASCII)))
        .bytes();
  }

  private void write(String name, byte[]... records) throws IOException {
    Files.write(folder.resolve(name), TestRecords.file(List.of(records)));
  }

  private void assertRefuses(String message, Object... values) {
    assertThatThrownBy(() -> list(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(String.format(Locale.ROOT, message, values));
  }

  private static ImageListing list(Path source) {
    return ImageRecords.list(spark, new org.apache.hadoop.fs.Path(source.toString()));
  }
}
