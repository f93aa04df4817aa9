package io.dropblock.spark.data.source.imagenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import io.dropblock.spark.data.source.files.TestTars;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ilsvrc2012Test {
  private static JavaSparkContext spark;

  @TempDir Path folder;
  private TestIlsvrc set;

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
    set = new TestIlsvrc(folder).write().withList(TestIlsvrc.LABELS);
  }

  @Test
  void findsEveryImageWhereItLies() throws IOException {
    ImageListing listing = list();
    assertThat(listing.classes()).isEqualTo(TestIlsvrc.SYNSETS);
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .isSorted()
        .hasSize(9)
        .startsWith("train/n00000011/n00000011_0.JPEG")
        .endsWith("train/n00000033/n00000033_3.JPEG");
    assertThat(listing.train()).extracting(ImageFile::label).isSorted().contains(0, 1, 2);
    assertThat(listing.val()).extracting(ImageFile::label).containsExactly(2, 0, 1, 2);
    assertThat(listing.val().get(1).name()).isEqualTo("val/ILSVRC2012_val_00000002.JPEG");
    assertThat(listing.ignored()).isZero();
    assertThat(bytes(listing.train().get(4))).isEqualTo(TestIlsvrc.image(12));
    assertThat(bytes(listing.val().get(3))).isEqualTo(TestIlsvrc.image(103));
  }

  @Test
  void countsWhatIsNoImage() throws IOException {
    Map<String, byte[]> images = TestIlsvrc.classImages(0, 2);
    images.put("notes.txt", new byte[5]);
    set.train.put("n00000011.tar", TestTars.bytes(images));
    set.train.put("README", new byte[5]);
    set.val.put("README", new byte[5]);
    set.write();
    assertThat(list().ignored()).isEqualTo(3);
    assertThat(list().train()).hasSize(9);
  }

  @Test
  void namesALinkThatLeadsNowhereInAClassTar() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tar.writeBytes(TestTars.entry('0', "1.JPEG", "", TestIlsvrc.image(1)));
    tar.writeBytes(TestTars.entry('2', "2.JPEG", "3.JPEG", new byte[0]));
    tar.writeBytes(new byte[1024]);
    set.train.put("n00000011.tar", tar.toByteArray());
    set.write();
    assertThat(list().leftOut())
        .containsExactly(
            new LeftOut(
                "entry n00000011.tar of " + file("ILSVRC2012_img_train.tar") + ", 2.JPEG",
                "it is a symbolic link to 3.JPEG, which is not in the tar"));
  }

  @Test
  void namesAnEntryThatLeadsOutOfItsTar() throws IOException {
    for (String name : List.of("../n00000011_9.JPEG", "/n00000011_9.JPEG")) {
      set.train.put("n00000011.tar", TestTars.bytes(Map.of(name, new byte[5])));
      set.write();
      refuses(
          "Cannot list entry n00000011.tar of "
              + file("ILSVRC2012_img_train.tar")
              + (name.startsWith("/")
                  ? ": '/n00000011_9.JPEG' is an absolute name"
                  : ": '../n00000011_9.JPEG' leads out of it"));
    }
  }

  @Test
  void namesATarOfAClassThatEndsEarly() throws IOException {
    byte[] whole = TestTars.bytes(TestIlsvrc.classImages(1, 3));
    String begin =
        "Cannot read entry n00000022.tar of "
            + file("ILSVRC2012_img_train.tar")
            + " as a tar: at byte ";
    set.train.put("n00000022.tar", Arrays.copyOf(whole, 700));
    set.write();
    assertThatThrownBy(this::list)
        .hasMessageStartingWith(begin + "0 'n00000022_0.JPEG' should have ")
        .hasMessageEndingWith("cut short");
    // After the first image and its padding: only the end mark tells.
    int second = 512 + (TestIlsvrc.image(10).length + 511) / 512 * 512;
    set.train.put("n00000022.tar", Arrays.copyOf(whole, second));
    set.write();
    refuses(begin + second + " it ends without its end mark, cut short");
    set.train.put("n00000022.tar", TestTars.bytes(Map.of()));
    set.write();
    refuses(
        "Cannot list entry n00000022.tar of "
            + file("ILSVRC2012_img_train.tar")
            + ": it has no images");
  }

  @Test
  void refusesLabelsOfAnotherNumber() throws IOException {
    for (int count : new int[] {3, 5}) {
      List<String> labels = new java.util.ArrayList<>(TestIlsvrc.LABELS);
      labels.add("n00000011");
      set.withList(labels.subList(0, count));
      refuses(
          String.format(
              Locale.ROOT,
              "Cannot label %s: it has 4 images, but %s has %d labels",
              folder.resolve("ILSVRC2012_img_val.tar"),
              folder.resolve("synset_labels.txt"),
              count));
    }
  }

  @Test
  void refusesLabelsThatAreNone() throws IOException {
    set.withList(List.of("n00000011", "dog", "n00000022", "n00000033"));
    refuses(
        "Cannot read synset labels "
            + folder.resolve("synset_labels.txt")
            + ": line 2 is 'dog', not a synset such as n01440764");
    set.withList(List.of("n00000011", "n00000099", "n00000022", "n00000033"));
    refuses(
        String.format(
            Locale.ROOT,
            "Cannot label %s: ILSVRC2012_val_00000002.JPEG is a n00000099 by %s, of which there is no training image",
            folder.resolve("ILSVRC2012_img_val.tar"),
            folder.resolve("synset_labels.txt")));
  }

  @Test
  void noticesAMissingValidationImage() throws IOException {
    set.val.remove("ILSVRC2012_val_00000002.JPEG");
    set.write().withList(TestIlsvrc.LABELS.subList(0, 3));
    refuses(
        String.format(
            Locale.ROOT,
            "Cannot label %s: image 2 is ILSVRC2012_val_00000003.JPEG, not ILSVRC2012_val_00000002.JPEG",
            folder.resolve("ILSVRC2012_img_val.tar")));
  }

  @Test
  void namesAMissingPart() throws IOException {
    Files.delete(folder.resolve("ILSVRC2012_img_val.tar"));
    refuses("Cannot list ILSVRC2012 in " + folder + ": it has no ILSVRC2012_img_val.tar");
    Files.delete(folder.resolve("synset_labels.txt"));
    refuses(
        "Cannot list ILSVRC2012 in "
            + folder
            + ": no labels of the validation images, neither ILSVRC2012_devkit_t12.tar.gz nor "
            + "imagenet_2012_validation_synset_labels.txt; name them with --devkit or --labels");
    Path tar = folder.resolve("ILSVRC2012_img_train.tar");
    assertThatThrownBy(() -> Ilsvrc2012.labels(hadoop(tar), new Configuration()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot list ILSVRC2012 in "
                + tar
                + ": it is no folder; name the one that holds ILSVRC2012_img_train.tar");
  }

  @Test
  void refusesATarWithoutClasses() throws IOException {
    Files.write(
        folder.resolve("ILSVRC2012_img_train.tar"), TestTars.bytes(TestIlsvrc.classImages(0, 2)));
    refuses(
        String.format(
            Locale.ROOT,
            "Cannot list %s: 0 of its entries are tars of a class such as n01440764.tar, 2 or more are needed",
            folder.resolve("ILSVRC2012_img_train.tar")));
  }

  @Test
  void aDevkitGoesBeforeAListAndKnowsAllClasses() throws IOException {
    Path data = Files.createDirectories(folder.resolve("ILSVRC2012_devkit_t12/data"));
    Files.write(data.resolve("meta.mat"), TestIlsvrc.meta());
    Files.write(data.resolve("ILSVRC2012_validation_ground_truth.txt"), TestIlsvrc.groundTruth());
    set.withList(List.of("n00000011"));
    assertThat(list().val()).extracting(ImageFile::label).containsExactly(2, 0, 1, 2);

    set.train.put("n00000044.tar", TestTars.bytes(TestIlsvrc.classImages(0, 1)));
    set.write();
    refuses(
        String.format(
            Locale.ROOT,
            "Cannot list %s: its class n00000044 is not among the 3 of %s",
            file("ILSVRC2012_img_train.tar"),
            folder.resolve("ILSVRC2012_devkit_t12")));
  }

  private byte[] bytes(ImageFile file) throws IOException {
    Path container = Path.of(new org.apache.hadoop.fs.Path(file.container()).toUri().getPath());
    byte[] whole = Files.readAllBytes(container);
    return Arrays.copyOfRange(whole, (int) file.offset(), (int) (file.offset() + file.length()));
  }

  private String file(String name) {
    return "file:" + folder.resolve(name);
  }

  private void refuses(String message) {
    assertThatThrownBy(this::list).isInstanceOf(DataException.class).hasMessage(message);
  }

  private ImageListing list() {
    ValidationLabels labels = Ilsvrc2012.labels(hadoop(folder), new Configuration());
    return Ilsvrc2012.list(spark, hadoop(folder), labels);
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
