package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.imagenet.TestIlsvrc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code prepare} of ImageNet's own layouts. */
@ExtendWith(SparkInThisJvm.class)
class PrepareCommandTest {
  @TempDir Path temp;
  private Path source;
  private TestIlsvrc set;

  @BeforeEach
  void draw() throws IOException {
    source = Files.createDirectory(temp.resolve("downloads"));
    set = new TestIlsvrc(source).write();
  }

  @Test
  void preparesTheTarsOfImageNetWithLabelsFromAnywhere() throws IOException {
    Path labels = Files.write(temp.resolve("labels.txt"), TestIlsvrc.LABELS);
    // As n02105855_2933.JPEG is one.
    set.val.put("ILSVRC2012_val_00000001.JPEG", TestImages.png(16, 16, 5));
    set.write();
    Answer answer = prepare("--labels", labels.toString());
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out()).contains("3 classes, 9 images to train on, 4 to validate on");
    assertThat(answer.status()).isZero();
  }

  @Test
  void namesATruncatedImageAndSkipsItOnlyWhenTold() throws IOException {
    byte[] image = set.val.get("ILSVRC2012_val_00000002.JPEG");
    set.val.put("ILSVRC2012_val_00000002.JPEG", Arrays.copyOf(image, image.length - 30));
    set.write().withList(TestIlsvrc.LABELS);
    Answer refused = prepare();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error())
        .hasLineCount(1)
        .startsWith(
            String.format(
                Locale.ROOT,
                "Cannot prepare %s: 1 broken image: val/ILSVRC2012_val_00000002.JPEG (",
                source));
    Answer skipped = prepare("--skip-broken");
    assertThat(skipped.out())
        .contains("9 images to train on, 3 to validate on")
        .contains("Left out val/ILSVRC2012_val_00000002.JPEG: ");
  }

  @Test
  void saysWhatItWasTakenForAndWhatIsMissing() {
    assertFails(
        prepare(),
        1,
        String.format(
            Locale.ROOT,
            "Cannot list ILSVRC2012 in %s: no labels of the validation images, neither ILSVRC2012_devkit_t12.tar.gz nor imagenet_2012_validation_synset_labels.txt; name them with --devkit or --labels",
            source));
    assertFails(
        prepare("--format", "tfrecords"),
        1,
        String.format(
            Locale.ROOT, "Cannot list TFRecords in %s: there is no train-00000-of-...", source));
    assertFails(
        prepare("--format", "folder"),
        1,
        String.format(
            Locale.ROOT,
            "Cannot list images in %s: no class folders, but files such as ILSVRC2012_img_train.tar: put the images of each class into a folder of its own",
            source));
  }

  @Test
  void wrongUsageIsOneLine() {
    assertFails(
        prepare("--format", "parquet"),
        2,
        "Unknown format: 'parquet' is not one of auto, folder, ilsvrc2012, tfrecords, coco, voc; see ./submit.sh prepare --help");
    assertFails(
        prepare("--devkit", "a", "--labels", "b"),
        2,
        "Cannot use both --devkit and --labels: give one of them; see ./submit.sh prepare --help");
    assertFails(
        prepare("--format", "folder", "--labels", "b"),
        2,
        String.format(
            Locale.ROOT,
            "Cannot use --devkit or --labels for %s: its format is folder, not ilsvrc2012; see ./submit.sh prepare --help",
            source));
    assertFails(
        prepare("--hold-out", "1"),
        2,
        "Invalid hold-out share: 1.0 is not in [0, 1); see ./submit.sh prepare --help");
    assertFails(
        prepare("--per-class", "0"),
        2,
        "Invalid images per class: 0 is not at least 1; see ./submit.sh prepare --help");
  }

  private void assertFails(Answer answer, int status, String message) {
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(temp.resolve("data")).doesNotExist();
  }

  private Answer prepare(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("prepare", source.toString(), "--out", temp.resolve("data").toString()));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }
}
