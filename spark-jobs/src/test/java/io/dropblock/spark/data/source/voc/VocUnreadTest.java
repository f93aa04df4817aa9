package io.dropblock.spark.data.source.voc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a data set in VOC's layout and is not read. */
class VocUnreadTest {
  @TempDir private Path temp;
  private Path devkit;
  private TestVoc voc;

  @BeforeEach
  void draw() throws IOException {
    devkit = temp.resolve("devkit");
    voc = TestVoc.draw(devkit, 3, 2);
  }

  /** Others would take their place: labels of another kind, the classes of VOC. */
  @Test
  void refusesLabelsThatAreThereAndCannotBeRead() throws IOException {
    Path label = voc.folder().resolve("SegmentationClass/a1.png");
    voc.label("SegmentationClassAug", "a1", Files.readAllBytes(label));
    lose(label);
    assertThatThrownBy(() -> list(devkit))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read " + label + ": SegmentationClass/a1.png cannot be read, ");
    Files.delete(label);
    assertThat(list(devkit).train()).hasSize(3);
    Path classes = voc.folder().resolve("labelmap.txt");
    Files.createFile(classes);
    lose(classes);
    assertThatThrownBy(() -> list(devkit))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read " + classes + ": labelmap.txt cannot be read, ");
  }

  @Test
  void namesWhatItDoesNotUse() throws IOException {
    voc.image("other").image("another");
    lose(voc.folder().resolve("JPEGImages/other.jpg"));
    ImageListing listing = list(devkit);
    assertThat(listing.notes())
        .containsExactly(
            "Passed over 1 file: 1 JPEG image that the lists do not name (JPEGImages/another.jpg)");
    assertThat(listing.leftOut())
        .singleElement()
        .satisfies(lost -> assertThat(lost.name()).endsWith("JPEGImages/other.jpg"));
  }

  @Test
  void tellsOfNamesThatComeTwiceInATar() throws IOException {
    Path tar = TestVoc.tar(devkit, temp.resolve("voc.tar"));
    Path twice = temp.resolve("twice.tar");
    Files.write(twice, Files.readAllBytes(tar));
    Files.write(twice, Files.readAllBytes(tar), StandardOpenOption.APPEND);
    assertThat(list(twice).notes())
        .singleElement()
        .satisfies(
            note ->
                assertThat(note)
                    .contains(
                        " files of a name that is there again, of which the last one counts"));
  }

  /** Leaves a link that leads nowhere. */
  private void lose(Path file) throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, temp.resolve("nowhere"));
  }

  private static ImageListing list(Path source) {
    return Voc2012.list(
        new org.apache.hadoop.fs.Path(source.toString()), VocTraining.OWN, new Configuration());
  }
}
