package io.dropblock.spark.data.source.voc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.source.GroundTruth.LabelFile;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.TestTars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Voc2012Test {
  @TempDir Path temp;
  private Path devkit;
  private TestVoc voc;

  @BeforeEach
  void draw() throws IOException {
    devkit = temp.resolve("devkit");
    voc = TestVoc.draw(devkit, 3, 2);
    // As the download has them: images without labels.
    voc.image("other");
  }

  @Test
  void findsEveryImageAndItsLabels() throws IOException {
    for (Path source : List.of(devkit, devkit.resolve("VOCdevkit"), voc.folder())) {
      ImageListing listing = list(source, VocTraining.OWN);
      assertThat(listing.kind()).isEqualTo(new LabelMapKind());
      assertThat(listing.classes()).hasSize(21).startsWith("background", "aeroplane");
      assertThat(listing.classes().get(15)).isEqualTo("person");
      assertThat(listing.train())
          .extracting(ImageFile::name)
          .containsExactly("train/a0.jpg", "train/a1.jpg", "train/a2.jpg");
      assertThat(listing.val())
          .extracting(ImageFile::name)
          .containsExactly("val/b0.jpg", "val/b1.jpg");
      assertThat(image(listing.train().get(1)))
          .isEqualTo(Files.readAllBytes(voc.folder().resolve("JPEGImages/a1.jpg")));
      assertThat(labels(listing.val().get(1)))
          .isEqualTo(Files.readAllBytes(voc.folder().resolve("SegmentationClass/b1.png")));
    }
  }

  @Test
  void findsNamesInAnotherUnicodeForm() throws IOException {
    String name = "\u00e9t\u00e9";
    String apart = Normalizer.normalize(name, Normalizer.Form.NFD);
    voc.image(apart).label("SegmentationClass", name, new byte[] {7}).list("train", List.of(name));
    ImageListing listing = list(devkit, VocTraining.OWN);
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .containsExactly("train/" + name + ".jpg");
    assertThat(labels(listing.train().get(0))).containsExactly(7);
    voc.list("train", List.of(apart, "a0"));
    assertThat(list(devkit, VocTraining.OWN).train().get(1)).isEqualTo(listing.train().get(0));
    voc.list("val", List.of(name));
    refuses(
        devkit,
        "Cannot list VOC 2012 in "
            + voc.folder()
            + ": "
            + name
            + " is to be trained on by line 1 of "
            + listFile("train")
            + " and validated on by line 1 of "
            + listFile("val"));
  }

  @Test
  void readsTheDownloadWhereItLies() throws IOException {
    Path downloads = Files.createDirectory(temp.resolve("downloads"));
    Path tar = TestVoc.tar(devkit, downloads.resolve("VOCtrainval_11-May-2012.tar"));
    for (Path source : List.of(tar, downloads)) {
      ImageListing listing = list(source, VocTraining.OWN);
      assertThat(listing.train()).extracting(ImageFile::name).hasSize(3).contains("train/a1.jpg");
      assertThat(listing.train().get(1).container()).endsWith("VOCtrainval_11-May-2012.tar");
      assertThat(image(listing.train().get(1)))
          .isEqualTo(Files.readAllBytes(voc.folder().resolve("JPEGImages/a1.jpg")));
      assertThat(labels(listing.val().get(1)))
          .isEqualTo(Files.readAllBytes(voc.folder().resolve("SegmentationClass/b1.png")));
    }
  }

  @Test
  void namesTheEntryOfATarThatIsWrong() throws IOException {
    voc.list("train", List.of("a0", "../a1"));
    Path tar = TestVoc.tar(devkit, temp.resolve("voc.tar"));
    refuses(
        tar,
        String.format(
            Locale.ROOT,
            "Cannot read entry VOCdevkit/VOC2012/ImageSets/Segmentation/train.txt of file:%s: line 2 is '../a1', not the name of an image such as 2007_000032",
            tar));
    voc.list("train", List.of("a0", "a9"));
    TestVoc.tar(devkit, tar);
    refuses(
        tar,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in file:%s: line 2 of entry VOCdevkit/VOC2012/ImageSets/Segmentation/train.txt of file:%s names a9, but there is no JPEGImages/a9.jpg",
            tar,
            tar));
    byte[] whole = Files.readAllBytes(tar);
    Files.write(tar, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> list(tar, VocTraining.OWN))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("Cannot read .*voc.tar as a tar: at byte \\d+ .* cut short");
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Path absent = temp.resolve("absent");
    refuses(
        absent,
        String.format(
            Locale.ROOT, "Cannot list VOC 2012 in %s: there is no such file or folder", absent));
    Path empty = Files.createDirectory(temp.resolve("empty"));
    refuses(
        empty,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: it has neither VOCdevkit/VOC2012/ImageSets/Segmentation nor VOCtrainval_11-May-2012.tar",
            empty));
    Path tar = TestTars.write(temp.resolve("other.tar"), new byte[3], "VOCdevkit/VOC2007/a");
    refuses(
        tar,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in file:%s: it has no VOCdevkit/VOC2012/ImageSets/Segmentation",
            tar));
    Files.delete(voc.folder().resolve("SegmentationClass/a1.png"));
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: line 2 of %s names a1, but there is no SegmentationClass/a1.png, none in SegmentationClassAug/ and no --sbd",
            voc.folder(),
            listFile("train")));
    Files.delete(voc.folder().resolve("JPEGImages/a0.jpg"));
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: line 1 of %s names a0, but there is no JPEGImages/a0.jpg",
            voc.folder(),
            listFile("train")));
    Files.delete(listFile("val"));
    refuses(
        devkit,
        String.format(Locale.ROOT, "Cannot read %s: there is no such file", listFile("val")));
  }

  @Test
  void neverValidatesOnOtherLabels() throws IOException {
    Files.delete(voc.folder().resolve("SegmentationClass/b1.png"));
    voc.label("SegmentationClassAug", "b1", new byte[5]);
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: line 2 of %s names b1, but there is no SegmentationClass/b1.png",
            voc.folder(),
            listFile("val")));
  }

  @Test
  void refusesToTrainOnWhatIsValidatedOn() throws IOException {
    voc.list("train", List.of("a0", "a1", "b1"));
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: b1 is to be trained on by line 3 of %s and validated on by line 2 of %s",
            voc.folder(),
            listFile("train"),
            listFile("val")));
  }

  @Test
  void refusesListsThatAreNone() throws IOException {
    voc.list("train", List.of("a0", "a1", "a0"));
    refuses(
        devkit,
        String.format(
            Locale.ROOT, "Cannot read %s: line 3 is a0, as line 1 is already", listFile("train")));
    voc.list("val", List.of());
    refuses(devkit, String.format(Locale.ROOT, "Cannot read %s: it is empty", listFile("val")));
    voc.file("ImageSets/Segmentation/val.txt", "b0\n".getBytes(StandardCharsets.UTF_16));
    refuses(
        devkit, String.format(Locale.ROOT, "Cannot read %s: it is no UTF-8 text", listFile("val")));
    Files.write(listFile("val"), new byte[(16 << 20) + 1]);
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot read %s: 16777217 bytes are more than 16777216, is it another file?",
            listFile("val")));
  }

  @Test
  void trainsOnAnotherListWithMoreLabels() throws IOException {
    for (String name : List.of("c0", "c1")) {
      voc.image(name).label("SegmentationClassAug", name, new byte[] {7});
    }
    // VOC's own labels go before.
    voc.label("SegmentationClassAug", "a0", new byte[] {8});
    List<String> names = List.of("c1", "a0", "c0");
    voc.list("trainaug", names);
    Path elsewhere = Files.write(temp.resolve("mine.txt"), names);
    for (String list : List.of("trainaug", elsewhere.toString())) {
      ImageListing listing = list(devkit, new VocTraining(list, null));
      assertThat(listing.train())
          .extracting(ImageFile::name)
          .containsExactly("train/a0.jpg", "train/c0.jpg", "train/c1.jpg");
      assertThat(label(listing.train().get(0)).name()).isEqualTo("SegmentationClass/a0.png");
      assertThat(labels(listing.train().get(2))).containsExactly(7);
      assertThat(listing.val()).hasSize(2);
    }
    voc.list("trainaug", List.of("c1", "b0"));
    assertThatThrownBy(() -> list(devkit, new VocTraining("trainaug", null)))
        .hasMessageContaining("b0 is to be trained on by line 2 of ");
    assertThatThrownBy(() -> list(devkit, new VocTraining("none", null)))
        .hasMessage(
            String.format(Locale.ROOT, "Cannot read %s: there is no such file", listFile("none")));
  }

  @Test
  void addsWhatSbdHasAndVocDoesNotValidateOn() throws IOException {
    Path release = temp.resolve("benchmark_RELEASE");
    Path dataset = release.resolve("dataset");
    // a1 is in both, b0 is VOC's to validate on, c0 to c3 are SBD's alone.
    TestVoc.sbd(dataset, List.of("c1", "a1", "b0"), List.of("c0", "c2", "b1", "c3"), 3);
    voc.image("c0").image("c1").image("c2");
    new TestVoc(dataset).file("img/c3.jpg", new byte[] {4, 5});
    Path tar = TestTars.pack(release, temp.resolve("b.tar"), "benchmark_RELEASE/", 2);
    for (Path sbd : List.of(temp, release, dataset, tar)) {
      ImageListing listing = list(devkit, new VocTraining(null, hadoop(sbd)));
      assertThat(listing.train())
          .extracting(file -> file.name() + " " + label(file).encoding())
          .containsExactly(
              "train/a0.jpg PNG",
              "train/a1.jpg PNG",
              "train/a2.jpg PNG",
              "train/c0.jpg SBD_MAT",
              "train/c1.jpg SBD_MAT",
              "train/c2.jpg SBD_MAT",
              "train/c3.jpg SBD_MAT");
      assertThat(labels(listing.train().get(3)))
          .isEqualTo(Files.readAllBytes(dataset.resolve("cls/c0.mat")));
      assertThat(image(listing.train().get(6))).containsExactly(4, 5);
      assertThat(listing.val())
          .extracting(file -> label(file).encoding())
          .containsExactly(VocLabels.PNG, VocLabels.PNG);
    }
  }

  @Test
  void trainsOnAListWithSbdsLabels() throws IOException {
    Path dataset = temp.resolve("dataset");
    TestVoc.sbd(dataset, List.of("c0", "c1"), List.of("c2"), 3);
    voc.image("c0").image("c1").list("trainaug", List.of("a2", "c1"));
    VocTraining training = new VocTraining("trainaug", hadoop(dataset));
    assertThat(list(devkit, training).train())
        .extracting(file -> label(file).name())
        .containsExactly("SegmentationClass/a2.png", "cls/c1.mat");
    Files.delete(dataset.resolve("cls/c1.mat"));
    assertThatThrownBy(() -> list(devkit, training))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot list VOC 2012 in %s: line 2 of %s names c1, but there is no SegmentationClass/c1.png, none in SegmentationClassAug/ and no %s/cls/c1.mat",
            voc.folder(), listFile("trainaug"), dataset);
  }

  @Test
  void namesWhatIsWrongWithSbd() throws IOException {
    assertThatThrownBy(() -> list(devkit, new VocTraining(null, hadoop(devkit))))
        .hasMessage(
            "Cannot list SBD in %s: it has neither benchmark_RELEASE/dataset/cls nor benchmark.tar",
            devkit);
    Path packed = temp.resolve("benchmark.tgz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(new byte[100_000]);
      for (int i = 0; i < 1000; i++) {
        out.write(("random " + i * 7919).getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertThatThrownBy(() -> list(devkit, new VocTraining(null, hadoop(packed))))
        .hasMessage("Cannot read file:%s: it is gzip-compressed, gunzip it first", packed);
  }

  @Test
  void readsTheClassesOfOtherSetsInItsLayout() throws IOException {
    byte[] map = "background:0,0,0::\nroad:128,0,0::\n".getBytes(StandardCharsets.UTF_8);
    voc.file("labels.txt", map);
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: it has labels.txt, but names of classes are read from labelmap.txt alone: write that, a line a label such as cat:64,0,0::",
            voc.folder()));
    voc.file("labelmap.txt", map);
    Path tar = TestVoc.tar(devkit, temp.resolve("voc.tar"));
    for (Path source : List.of(devkit, tar)) {
      assertThat(list(source, VocTraining.OWN).classes()).containsExactly("background", "road");
    }
    Path sbd = temp.resolve("dataset");
    TestVoc.sbd(sbd, List.of("c0"), List.of("c1"), 3);
    assertThatThrownBy(() -> list(devkit, new VocTraining(null, hadoop(sbd))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot list VOC 2012 in %s: SBD's labels are of VOC's classes, not of those in %s/labelmap.txt",
            voc.folder(), voc.folder());
    voc.file("labelmap.txt", "cat\n".getBytes(StandardCharsets.UTF_8));
    refuses(
        devkit,
        String.format(
            Locale.ROOT,
            "Cannot read %s/labelmap.txt: label 0 is cat, but must be the background, with which images are padded",
            voc.folder()));
  }

  private Path listFile(String name) {
    return voc.folder().resolve("ImageSets/Segmentation/" + name + ".txt");
  }

  private static LabelFile label(ImageFile file) {
    return (LabelFile) file.truth();
  }

  private static byte[] labels(ImageFile file) throws IOException {
    LabelFile label = label(file);
    return bytes(label.container(), label.offset(), label.length());
  }

  private static byte[] image(ImageFile file) throws IOException {
    return bytes(file.container(), file.offset(), file.length());
  }

  private static byte[] bytes(String container, long offset, long length) throws IOException {
    byte[] all =
        Files.readAllBytes(Path.of(new org.apache.hadoop.fs.Path(container).toUri().getPath()));
    return Arrays.copyOfRange(all, (int) offset, (int) (offset + length));
  }

  private static void refuses(Path source, String message) {
    assertThatThrownBy(() -> list(source, VocTraining.OWN))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
  }

  private static ImageListing list(Path source, VocTraining training) {
    ImageListing listing = Voc2012.list(hadoop(source), training, new Configuration());
    assertThat(listing.files(Split.TRAIN))
        .isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
    return listing;
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
