package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.coco.TestCoco;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code prepare} of COCO 2017, and of what it stored. */
@ExtendWith(SparkInThisJvm.class)
class PrepareCocoTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("dropblock.test.data", "absent"), "coco-mini");

  @TempDir private Path temporary;

  @Test
  void preparesChecksAndDescribesARealSample() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(SAMPLE),
        "no COCO sample at " + SAMPLE + " (system property dropblock.test.data)");
    Answer prepared = Answer.to("prepare", SAMPLE.toString(), "--out", out());
    assertThat(prepared.error()).isEmpty();
    assertThat(prepared.out())
        .contains("80 classes, 80 images to train on, 79 to validate on")
        // val2017 holds 80 images that its file does not name.
        .contains("Passed over 80 files: 80 JPEG images that the annotations do not name (for")
        .doesNotContain("Left out");
    Answer checked = Answer.to("prepare", "--check", out());
    assertThat(checked.status()).isZero();
    assertThat(checked.out()).contains("159 records, no damage found");
    Path sheet = temporary.resolve("sheet.png");
    Answer described =
        Answer.to(
            "prepare", "--describe", out(), "--sheet", sheet.toString(), "--sheet-images", "12");
    assertThat(described.status()).isZero();
    // Counted in the JSON files by Python, as CocoRoadTest's numbers.
    assertThat(described.out())
        .contains("most 172 (person), least 1 (hair drier), ratio 172.00")
        .contains("most 118 (person), least 0 (teddy bear), a class without images")
        .containsPattern("train +739 +301 +283 +155 +8\n")
        .containsPattern("val +624 +284 +163 +177 +5\n")
        .containsPattern("train( +[0-9]+){7} +6 +35\n")
        .containsPattern("val( +[0-9]+){7} +6 +26\n")
        .containsPattern("width +333 +640 +640")
        .containsPattern("height +304 +[0-9]+ +640");
    // 4 x 3 pictures of up to 320 pixels.
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isEqualTo(4 * 328 + 8);
  }

  @Test
  void namesBrokenAnnotationsAndSkipsThemOnlyWhenTold() throws IOException {
    Path root = temporary.resolve("coco");
    TestCoco coco = new TestCoco(root);
    coco.annotations.get(0).put("bbox", List.of(5, 5, 0, 7));
    coco.annotations.get(1).put("category_id", 2);
    coco.write();
    Answer refused = Answer.to("prepare", root.toString(), "--out", out());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error().strip())
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "Cannot prepare %s: 3 broken entries: annotations/instances_train2017.json,"
                    + " annotation 100 of image 10 (its box of 0.0 x 7.0 pixels has no area),"
                    + " annotations/instances_train2017.json, annotation 101 of image 11 (its"
                    + " category 2 is none of the file), annotations/instances_train2017.json,"
                    + " image 10 (all of its annotations are left out, so that what it shows is"
                    + " unknown)",
                root));
    assertThat(temporary).isDirectoryNotContaining("glob:**out*");

    Answer skipped = Answer.to("prepare", root.toString(), "--out", out(), "--skip-broken");
    assertThat(skipped.status()).isZero();
    assertThat(skipped.out())
        .contains("3 classes, 2 images to train on, 1 to validate on")
        .contains(
            "Left out annotations/instances_train2017.json, annotation 100 of image 10: its box");
    assertThat(Answer.to("prepare", "--check", out()).out()).contains("3 records, no damage found");
    Answer described = Answer.to("prepare", "--describe", out(), "--sheet", out() + ".png");
    assertThat(described.out())
        .contains("3 broken images and objects left out")
        .containsPattern("train +1 +1 +0 +0 +1\n");
  }

  @Test
  void refusesAnImageOfAnotherSizeThanTheFileSays() throws IOException {
    Path root = temporary.resolve("coco");
    new TestCoco(root).write();
    Files.write(root.resolve("train2017/11.jpg"), TestImages.jpeg(30, 40, 11));
    assertThat(Answer.to("prepare", root.toString(), "--out", out()).error())
        .hasLineCount(1)
        .contains(
            "1 broken image: train2017/11.jpg (it has 30 x 40 pixels, but its annotations are for"
                + " 40 x 30)");
    Files.write(
        root.resolve("train2017/11.jpg"), TestImages.turned(TestImages.jpeg(30, 40, 11), 6));
    assertThat(Answer.to("prepare", root.toString(), "--out", out()).error())
        .hasLineCount(1)
        .contains(
            "its annotations are for 40 x 30, as it is when turned by the orientation in its EXIF"
                + " data, which is not followed here: turn its pixels and remove that, as exiftran"
                + " -a does)");
    Files.write(
        root.resolve("train2017/11.jpg"), TestImages.turned(TestImages.jpeg(30, 40, 11), 3));
    assertThat(Answer.to("prepare", root.toString(), "--out", out()).error())
        .contains("its annotations are for 40 x 30)");
    Files.write(root.resolve("train2017/11.jpg"), new byte[0]);
    assertThat(Answer.to("prepare", root.toString(), "--out", out(), "--skip-broken").out())
        .contains("3 classes, 2 images to train on, 1 to validate on")
        .contains("Left out train2017/11.jpg: ");
  }

  @Test
  void preparesOneClassAsRoboflowExportsIt() throws IOException {
    Path root = temporary.resolve("roboflow");
    TestCoco coco = new TestCoco(root);
    coco.annotations.forEach(
        annotation -> {
          annotation.remove("iscrowd");
          annotation.put("category_id", 0);
        });
    List<Map<String, Object>> categories = List.of(Map.of("id", 0, "name", "screw"));
    coco.write("train", coco.images, coco.annotations, categories);
    coco.write("val", List.of(TestCoco.image(13)), List.of(), categories);
    Files.move(root.resolve("train2017"), root.resolve("train"));
    Files.move(root.resolve("val2017"), root.resolve("valid"));
    Files.move(coco.file("train"), root.resolve("train/_annotations.coco.json"));
    Files.move(coco.file("val"), root.resolve("valid/_annotations.coco.json"));
    Answer prepared = Answer.to("prepare", root.toString(), "--out", out());
    assertThat(prepared.error()).isEmpty();
    assertThat(prepared.out())
        .contains(
            "train/_annotations.coco.json: annotations without iscrowd, taken for single objects:"
                + " 3, the first is annotation 100 of image 10")
        .contains("3 images to train on, 1 to validate on")
        .doesNotContain("Left out");
    assertThat(Answer.to("prepare", "--check", out()).out()).contains("4 records, no damage found");
    Answer described = Answer.to("prepare", "--describe", out(), "--sheet", out() + ".png");
    assertThat(described.status()).isZero();
    assertThat(described.out()).contains("most 3 (screw)");
  }

  @Test
  void saysWhatItWasTakenFor() throws IOException {
    Path root = temporary.resolve("coco");
    new TestCoco(root).write();
    Files.delete(root.resolve("annotations/instances_train2017.json"));
    assertThat(Answer.to("prepare", root.toString(), "--out", out()).error().strip())
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "Cannot read %s: there is no such file",
                root.resolve("annotations/instances_train2017.json")));
    assertThat(Answer.to("prepare", root.toString(), "--format", "voc", "--out", out()).status())
        .isEqualTo(1);
  }

  private String out() {
    return temporary.resolve("out").toString();
  }
}
