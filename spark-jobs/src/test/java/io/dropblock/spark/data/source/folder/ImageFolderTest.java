package io.dropblock.spark.data.source.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.TestTars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void chooseAFolder() throws IOException {
    root = Files.createDirectory(temporary.resolve("set"));
  }

  @Test
  void listsBothSplits() throws IOException {
    TestImages.folder(root, List.of("dog", "cat", "axolotl"), 3, 2);
    ImageListing listing = list(root);
    assertThat(listing.classes()).containsExactly("axolotl", "cat", "dog");
    assertThat(listing.train()).hasSize(9);
    assertThat(listing.val()).hasSize(6);
    ImageFile first = listing.files(Split.TRAIN).get(3);
    assertThat(first.name()).isEqualTo("train/cat/0000.jpg");
    assertThat(first.label()).isEqualTo(1);
    assertThat(first.offset()).isZero();
    assertThat(first.length()).isEqualTo(Files.size(root.resolve("train/cat/0000.jpg")));
    assertThat(listing.ignored()).isZero();
  }

  @Test
  void passesOverLeadingFolders() throws IOException {
    TestImages.folder(root.resolve("a/b"), List.of("cat", "dog"), 2, 1);
    assertThat(list(root).train())
        .extracting(ImageFile::name)
        .contains("train/dog/0001.jpg")
        .hasSize(4);
  }

  @Test
  void takesImagesOfAnyCaseAndDepthAndCountsTheRest() throws IOException {
    TestImages.folder(root, List.of("cat", "dog"), 1, 1);
    Files.createDirectories(root.resolve("train/cat/images"));
    Files.write(root.resolve("train/cat/images/A.JPEG"), new byte[1]);
    Files.write(root.resolve("train/dog/b.Png"), new byte[1]);
    Files.write(root.resolve("train/dog/notes.txt"), new byte[1]);
    Files.write(root.resolve("README"), new byte[1]);
    Files.write(root.resolve("train/dog/._b.jpg"), new byte[1]);
    Files.write(root.resolve(".DS_Store"), new byte[1]);
    ImageListing listing = list(root);
    assertThat(listing.train()).hasSize(4);
    assertThat(listing.ignored()).isEqualTo(4);
    assertThat(listing.notes())
        .containsExactly(
            "In folders within class folders: 1 image; train/cat/images/A.JPEG is one of cat",
            "Passed over 4 files: 2 hidden or system files (for example .DS_Store);"
                + " 1 .txt file (train/dog/notes.txt); 1 file without an ending (README)");
  }

  @Test
  void passesOverWhatSystemsLeaveBehind() throws IOException {
    TestImages.folder(root, List.of("cat", "dog"), 2, 1);
    byte[] image = TestImages.jpeg(8, 8, 3);
    for (String clutter :
        List.of(
            "train/cat/@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg",
            "train/cat/@eaDir/2.jpg/SYNOPHOTO_THUMB_M.jpg",
            "__MACOSX/train/cat/._0000.jpg",
            "train/.ipynb_checkpoints/1.jpg",
            "train/cat/.@__thumb/1.jpg",
            "train/#recycle/1.jpg",
            "lost+found/1.jpg",
            "val/$RECYCLE.BIN/1.jpg",
            "train/System Volume Information/1.jpg",
            "train/dog/Thumbs.db",
            "train/dog/desktop.ini",
            "train/PaxHeader/dog",
            "train/cat/PaxHeaders.4711/1.jpg",
            ".Trashes/1.jpg")) {
      Path file = root.resolve(clutter);
      Files.createDirectories(file.getParent());
      Files.write(file, image);
    }
    ImageListing listing = list(root);
    assertThat(listing.classes()).containsExactly("cat", "dog");
    assertThat(listing.train()).hasSize(4);
    assertThat(listing.notes())
        .containsExactly("Passed over 13 files: 13 hidden or system files (for example .Trashes)");
    assertThat(list(TestTars.pack(root, temporary.resolve("t.tar"), "./", 2)))
        .extracting(ImageListing::classes, ImageListing::ignored, ImageListing::notes)
        .containsExactly(listing.classes(), listing.ignored(), listing.notes());
  }

  @Test
  void tellsImagesThatItDoesNotReadByKind() throws IOException {
    TestImages.folder(root, List.of("cat", "dog"), 1, 1);
    for (String name :
        List.of("1.webp", "2.WEBP", "1.gif", "1.tif", "1.heic", "1.avif", "1.bmp", "1.ppm")) {
      Files.write(root.resolve("train/cat/" + name), new byte[1]);
    }
    Files.write(root.resolve("train/cat/3.json"), new byte[1]);
    Files.write(root.resolve("train/cat/4.jpg.bak"), new byte[1]);
    assertThat(list(root).notes())
        .containsExactly(
            "Passed over 10 files: 2 WebP images (for example train/cat/1.webp), 1 AVIF image"
                + " (train/cat/1.avif), 1 BMP image (train/cat/1.bmp), 1 GIF image"
                + " (train/cat/1.gif), 1 HEIC image (train/cat/1.heic), 1 Netpbm image"
                + " (train/cat/1.ppm), 1 TIFF image (train/cat/1.tif), which this program does not"
                + " read: convert to JPEG or PNG; 1 .bak file (train/cat/4.jpg.bak); 1 .json file"
                + " (train/cat/3.json)");
  }

  @Test
  void takesImagesByTheirContentWhereTheNameSaysNothing() throws IOException {
    TestImages.folder(root, List.of("cat", "dog"), 1, 1);
    Path cat = root.resolve("train/cat");
    for (String name : List.of("5.jfif", "6.jpe", "7.pjpeg", "8", "9.0001", "10.jpg_large")) {
      Files.write(cat.resolve(name), TestImages.jpeg(8, 8, name.hashCode()));
    }
    Files.writeString(cat.resolve("README"), "cats");
    Files.write(cat.resolve("empty"), new byte[0]);
    Path plain = TestTars.pack(root, temporary.resolve("plain.tar"), "", 2);
    for (Path source : List.of(root, plain)) {
      ImageListing listing = list(source);
      assertThat(listing.train()).hasSize(8);
      assertThat(listing.notes())
          .containsExactly(
              "By its content, whatever the ending of its name, an image: 3 files (for example"
                  + " train/cat/10.jpg_large)",
              "Passed over 2 files: 2 files without an ending (for example train/cat/README)");
    }
  }

  @Test
  void holdsOutAShareOfEachClassBySeed() throws IOException {
    TestImages.fill(root.resolve("cat"), 40, 1);
    TestImages.fill(root.resolve("dog"), 4, 2);
    TestImages.fill(root.resolve("newt"), 1, 3);
    ImageListing listing = list(root);
    assertThat(listing.val()).filteredOn(file -> file.label() == 0).hasSize(4);
    assertThat(listing.val()).filteredOn(file -> file.label() == 1).hasSize(1);
    assertThat(listing.train()).filteredOn(file -> file.label() == 2).hasSize(1);
    assertThat(listing.train()).hasSize(40).doesNotContainAnyElementsOf(listing.val());
    assertThat(list(root)).isEqualTo(listing);
    ImageListing other = list(root, new HoldOut(0.1, 1));
    assertThat(other.val()).hasSize(5).isNotEqualTo(listing.val());
    assertThat(list(root, new HoldOut(0, 0)).val()).isEmpty();
  }

  @Test
  void namesAnEmptyClassFolder() throws IOException {
    TestImages.folder(root, List.of("cat", "dog"), 1, 1);
    Files.createDirectories(root.resolve("train/newt"));
    refuses(root, "class folder train/newt has no images");
  }

  @Test
  void refusesAClassThatIsInValOnly() throws IOException {
    TestImages.folder(root, List.of("cat", "dog"), 1, 1);
    TestImages.fill(root.resolve("val/newt"), 1, 1);
    refuses(root, "class newt is in val/, but not in train/");
  }

  @Test
  void refusesFoldersThatAreNoDataSet() throws IOException {
    refuses(root, "no class folders");
    refuses(root.resolve("nowhere"), "there is no such file or folder");
    TestImages.fill(root.resolve("one/cat"), 2, 1);
    refuses(root.resolve("one"), "fewer than 2 classes, only cat");
    TestImages.fill(root.resolve("two/val/cat"), 2, 1);
    refuses(root.resolve("two"), "it has val/, but no train/ with class folders");
    TestImages.fill(root.resolve("three/train/cat"), 2, 1);
    TestImages.fill(root.resolve("three/more/cat"), 2, 1);
    refuses(
        root.resolve("three"),
        "it has train/, but of [more, train] none is val/ with class folders");
  }

  private static void refuses(Path path, String reason) {
    assertThatThrownBy(() -> list(path))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot list images in " + path + ": " + reason);
  }

  private static ImageListing list(Path path) {
    return list(path, HoldOut.DEFAULT);
  }

  private static ImageListing list(Path path, HoldOut holdOut) {
    return ImageFolder.list(
        new org.apache.hadoop.fs.Path(path.toString()), new Configuration(), holdOut);
  }
}
