package io.dropblock.spark.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path root;

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
    assertThat(listing.ignored()).isEqualTo(2);
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
    TestImages.fill(root.resolve("three/valid/cat"), 2, 1);
    refuses(
        root.resolve("three"),
        "it has train/, but of [train, valid] none is val/ with class folders");
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
