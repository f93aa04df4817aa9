package io.dropblock.spark.data.source.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.TestTars;
import io.dropblock.spark.data.source.format.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a COCO data set may have its files. */
class CocoLayoutTest {
  @TempDir Path temp;
  private Path root;

  /** Three images to train on in {@code train2017}, one to validate on in {@code val2017}. */
  @BeforeEach
  void draw() throws IOException {
    root = temp.resolve("set");
    new TestCoco(root).write();
  }

  @Test
  void readsRoboflowsExport() throws IOException {
    move("train2017", "train");
    move("val2017", "valid");
    move("annotations/instances_train2017.json", "train/_annotations.coco.json");
    move("annotations/instances_val2017.json", "valid/_annotations.coco.json");
    Files.delete(root.resolve("annotations"));
    Files.createDirectory(root.resolve("test"));
    Files.createFile(root.resolve("test/_annotations.coco.json"));
    Files.createFile(root.resolve("test/9.jpg"));
    Files.createFile(root.resolve("train/stray.jpg"));
    assertNames("train/10.jpg", "train/11.jpg", "train/12.jpg", "valid/13.jpg");
    assertThat(list(root).ignored()).isEqualTo(1);
    assertThat(list(root).notes())
        .containsExactly(
            "test/_annotations.coco.json is not read: there is nothing to test",
            "Passed over 1 file: 1 JPEG image that the annotations do not name (train/stray.jpg)");
    Files.delete(root.resolve("valid/_annotations.coco.json"));
    assertRefuses(
        "it has train/_annotations.coco.json, but no such file of val or valid; split its images in two, or rename the other part's");
  }

  @Test
  void readsTheFoldersOf2017BelowImages() throws IOException {
    Files.createDirectory(root.resolve("images"));
    move("train2017", "images/train2017");
    move("val2017", "images/val2017");
    assertNames(
        "images/train2017/10.jpg",
        "images/train2017/11.jpg",
        "images/train2017/12.jpg",
        "images/val2017/13.jpg");
  }

  @Test
  void readsAFileASplitAndFoldersOfTheSameNames() throws IOException {
    move("annotations/instances_train2017.json", "annotations/instances_Train.json");
    move("annotations/instances_val2017.json", "annotations/instances_validation.json");
    move("train2017", "train");
    move("val2017", "val");
    assertNames("train/10.jpg", "train/11.jpg", "train/12.jpg", "val/13.jpg");
    move("annotations/instances_Train.json", "train.json");
    move("annotations/instances_validation.json", "val.json");
    Files.createDirectory(root.resolve("images"));
    move("train", "images/Training");
    move("val", "images/validation");
    assertNames(
        "images/Training/10.jpg",
        "images/Training/11.jpg",
        "images/Training/12.jpg",
        "images/validation/13.jpg");
    Files.createDirectory(root.resolve("train"));
    assertRefuses(
        "the images of train.json may be in images/Training/ or in train/; move one away");
    Files.copy(root.resolve("train.json"), root.resolve("annotations/instances_train2014.json"));
    assertRefuses(
        "both annotations/instances_train2014.json and train.json are for train; move one away");
  }

  @Test
  void readsImagesOfBothSplitsInOneFolder() throws IOException {
    move("annotations/instances_train2017.json", "annotations/train.json");
    move("annotations/instances_val2017.json", "annotations/valid.json");
    move("train2017", "images");
    move("val2017/13.jpg", "images/13.jpg");
    assertNames("images/10.jpg", "images/11.jpg", "images/12.jpg", "images/13.jpg");
    assertThat(list(root).ignored()).isZero();
    Path file = root.resolve("annotations/valid.json");
    Files.writeString(file, Files.readString(file).replace("13.jpg", "11.jpg"));
    assertRefuses("images/11.jpg is both to train and to validate on");
    move("images", "pictures");
    assertRefuses(
        "no folder has the images of annotations/train.json: there is none of train, images/train and images");
  }

  @Test
  void namesTheFilesOfALayoutThatItDoesNotKnow() throws IOException {
    move("annotations/instances_train2017.json", "annotations/instances_default.json");
    Files.delete(root.resolve("annotations/instances_val2017.json"));
    assertThatThrownBy(() -> list(root))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot list COCO in %s: it has annotations/instances_default.json, but neither annotations/instances_train.json and ",
            root);
    assertThat(detect(root)).isEqualTo(SourceFormat.FOLDER);
  }

  @Test
  void takesFilesOfPlainNamesForCocoOnlyWhereTheyBeginSo() throws IOException {
    move("annotations/instances_train2017.json", "train.json");
    move("annotations/instances_val2017.json", "val.json");
    assertThat(detect(root)).isEqualTo(SourceFormat.COCO);
    Files.writeString(root.resolve("val.json"), "{\"n01440764\": [\"tench\"]}");
    assertThat(detect(root)).isEqualTo(SourceFormat.FOLDER);
    Files.writeString(root.resolve("val.json"), "tench");
    assertThat(detect(root)).isEqualTo(SourceFormat.FOLDER);
    Files.delete(root.resolve("val.json"));
    assertThat(detect(root)).isEqualTo(SourceFormat.FOLDER);
  }

  private void move(String from, String to) throws IOException {
    Files.move(root.resolve(from), root.resolve(to));
  }

  /** From the folder, the one above it, and a tar of either. */
  private void assertNames(String... names) throws IOException {
    ImageListing listing = list(root);
    assertThat(detect(root)).isEqualTo(SourceFormat.COCO);
    Path flat = pack("flat.tar", "");
    Path deep = pack("deep.tar", "a/set/");
    Path above = Files.createDirectory(temp.resolve("above"));
    Files.move(root, above.resolve("set"));
    for (Path source : new Path[] {flat, deep, above}) {
      ImageListing same = list(source);
      assertThat(detect(source)).as(source.toString()).isEqualTo(SourceFormat.COCO);
      assertThat(same.train())
          .extracting(ImageFile::name)
          .containsExactly(names[0], names[1], names[2]);
      assertThat(same.train())
          .extracting(ImageFile::truth)
          .isEqualTo(listing.train().stream().map(ImageFile::truth).toList());
      assertThat(same.val()).extracting(ImageFile::name).containsExactly(names[3]);
      assertThat(same.notes()).isEqualTo(listing.notes());
      assertThat(same.leftOut()).isEmpty();
    }
    ImageFile packed = list(deep).val().get(0);
    assertThat(packed.container()).endsWith("deep.tar");
    byte[] image = Files.readAllBytes(above.resolve("set").resolve(names[3]));
    int offset = (int) packed.offset();
    assertThat(Arrays.copyOfRange(Files.readAllBytes(deep), offset, offset + image.length))
        .isEqualTo(image);
    Files.move(above.resolve("set"), root);
    Files.delete(above);
  }

  private Path pack(String name, String prefix) throws IOException {
    return TestTars.pack(root, temp.resolve(name), prefix, TarArchiveOutputStream.LONGFILE_POSIX);
  }

  private void assertRefuses(String reason) {
    assertThatThrownBy(() -> list(root))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot list COCO in " + root + ": " + reason);
  }

  private static ImageListing list(Path source) {
    return Coco.list(hadoop(source), new Configuration());
  }

  private static SourceFormat detect(Path source) {
    return SourceFormat.detect(hadoop(source), new Configuration());
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
