package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.data.source.voc.TestVoc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code prepare} of PASCAL VOC 2012, and of what it stored. */
@ExtendWith(SparkInThisJvm.class)
class PrepareVocTest {
  @TempDir Path temp;
  private Path devkit;
  private TestVoc voc;
  private Path data;

  @BeforeEach
  void draw() throws IOException {
    devkit = temp.resolve("downloads");
    voc = TestVoc.draw(devkit, 6, 2);
    data = temp.resolve("data");
  }

  @Test
  void preparesChecksAndDescribes() throws IOException {
    Answer prepared = prepare(devkit);
    assertThat(prepared.error()).isEmpty();
    assertThat(prepared.out())
        .contains("21 classes, 6 images to train on, 2 to validate on, 2 shards")
        .doesNotContain("Passed over");
    Answer checked = Answer.to("prepare", "--check", data.toString());
    assertThat(checked.out()).contains("2 shards, 8 records, no damage found");
    assertThat(checked.status()).isZero();
    Path sheet = temp.resolve("sheet.png");
    Answer described =
        Answer.to("prepare", "--describe", data.toString(), "--sheet", sheet.toString());
    // Of 20 columns 9 are background, one is void, 10 are a person.
    assertThat(described.out())
        .containsPattern("width +20 +20 +20\n")
        .containsPattern("height +12 +12 +12\n")
        .containsPattern("train +val +train px +val px +class\n")
        .containsPattern(" 6 +2 +45.00 % +45.00 % +background\n")
        .containsPattern(" 0 +0 +0.00 % +0.00 % +cat\n")
        .containsPattern(" 6 +2 +50.00 % +50.00 % +person\n")
        .containsPattern("\n +5.00 % +5.00 % +void\n");
    assertThat(Files.readAllBytes(sheet)).startsWith(0x89, 'P', 'N', 'G');
  }

  /** The drawn scenes of the demo, whose labelmap.txt has classes of its own. */
  @Test
  void preparesOtherClassesInVocsLayout() throws IOException {
    Path scenes = temp.resolve("scenes");
    new DrawnScenes(1)
        .write(
            FileSystem.getLocal(new Configuration(false)).getRaw(),
            new org.apache.hadoop.fs.Path(scenes.toString()),
            20,
            6);
    Answer prepared = prepare(scenes);
    assertThat(prepared.error()).isEmpty();
    assertThat(prepared.out())
        .contains("4 classes, 20 images to train on, 6 to validate on, 2 shards");
    assertThat(Answer.to("prepare", "--check", data.toString()).out())
        .contains("26 records, no damage found");
    String sheet = temp.resolve("sheet.png").toString();
    assertThat(Answer.to("prepare", "--describe", data.toString(), "--sheet", sheet).out())
        .containsPattern(" 20 +6 +[0-9.]+ % +[0-9.]+ % +background\n")
        .containsPattern("% +triangle\n");
    // A label above the classes is refused by name.
    Files.writeString(scenes.resolve("labelmap.txt"), "background\ncircle\nsquare\n");
    Answer refused = prepare(scenes, "--out", temp.resolve("less").toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error()).contains("of label 3, but there are 3 classes");
  }

  @Test
  void takesMoreLabelsFromSbd() throws IOException {
    Path release = temp.resolve("benchmark_RELEASE");
    TestVoc.sbd(release.resolve("dataset"), List.of("a0", "b0", "c0"), List.of("c1"), 3);
    voc.image("c0").image("c1");
    Path tar = TestVoc.tar(devkit, temp.resolve("VOCtrainval_11-May-2012.tar"));
    Answer answer = prepare(tar, "--sbd", release.toString());
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out()).contains("8 images to train on, 2 to validate on");
    assertThat(Answer.to("prepare", "--check", data.toString()).out())
        .contains("10 records, no damage found");
    Path list = Files.write(temp.resolve("mine.txt"), List.of("c1", "a3"));
    assertThat(
            prepare(
                    tar,
                    "--train-list",
                    list.toString(),
                    "--sbd",
                    release.toString(),
                    "--out",
                    temp.resolve("listed").toString())
                .out())
        .contains("2 images to train on, 2 to validate on");
  }

  @Test
  void namesABrokenLabelMapAndSkipsItOnlyWhenTold() throws IOException {
    voc.label("SegmentationClass", "a2", "text".getBytes(StandardCharsets.US_ASCII));
    Answer refused = prepare(devkit);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error())
        .hasLineCount(1)
        .startsWith(
            String.format(
                Locale.ROOT,
                "Cannot prepare %s: 1 broken image: train/a2.jpg (SegmentationClass/a2.png: the label map is no PNG)",
                devkit));
    assertThat(data).doesNotExist();
    assertThat(prepare(devkit, "--skip-broken").out())
        .contains("5 images to train on")
        .contains("Left out train/a2.jpg: SegmentationClass/a2.png: the label map is no PNG");
  }

  @Test
  void wrongUsageIsOneLine() throws IOException {
    assertFails(
        prepare(devkit, "--resize", "64"),
        1,
        String.format(
            Locale.ROOT,
            "Cannot resize the images of %s: their annotations would not fit, as its task is segmentation",
            devkit));
    assertFails(
        prepare(devkit, "--format", "folder", "--sbd", "x"),
        2,
        String.format(
            Locale.ROOT,
            "Cannot use --sbd or --train-list for %s: its format is folder, not voc; see ./submit.sh prepare --help",
            devkit));
    assertFails(
        prepare(devkit, "--sbd", temp.resolve("absent").toString()),
        1,
        String.format(
            Locale.ROOT,
            "Cannot list SBD in %s: there is no such file or folder",
            temp.resolve("absent")));
    voc.list("train", List.of("a0", "b1"));
    assertFails(
        prepare(devkit),
        1,
        String.format(
            Locale.ROOT,
            "Cannot list VOC 2012 in %s: b1 is to be trained on by line 2 of %s and validated on by line 2 of %s",
            voc.folder(),
            voc.folder().resolve("ImageSets/Segmentation/train.txt"),
            voc.folder().resolve("ImageSets/Segmentation/val.txt")));
  }

  private void assertFails(Answer answer, int status, String message) {
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(data).doesNotExist();
  }

  private Answer prepare(Path source, String... more) {
    List<String> arguments = new ArrayList<>(List.of("prepare", source.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--out")) {
      arguments.addAll(List.of("--out", data.toString()));
    }
    return Answer.to(arguments.toArray(String[]::new));
  }
}
