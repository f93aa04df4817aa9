package io.dropblock.spark.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.source.format.SourceFormat;
import io.dropblock.spark.data.source.voc.Voc2012;
import io.dropblock.spark.data.source.voc.VocTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnScenesTest {
  private static final int IMAGES = 60;

  @TempDir Path temp;

  private Path draw(String name, long seed) throws IOException {
    Path folder = temp.resolve(name);
    new DrawnScenes(seed)
        .write(
            FileSystem.getLocal(new Configuration(false)).getRaw(),
            new org.apache.hadoop.fs.Path(folder.toString()),
            IMAGES,
            7);
    return folder;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }

  @Test
  void isListedAsVocIs() throws IOException {
    Path folder = draw("one", 1);
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(folder.toString());
    Configuration configuration = new Configuration();
    assertThat(SourceFormat.detect(source, configuration)).isEqualTo(SourceFormat.VOC);
    ImageListing listing = Voc2012.list(source, VocTraining.OWN, configuration);
    assertThat(listing.train()).hasSize(IMAGES);
    assertThat(listing.val()).hasSize(7);
    assertThat(listing.classes())
        .isEqualTo(DrawnScenes.classes())
        .containsExactly("background", "circle", "square", "triangle");
    assertThat(Files.readAllLines(folder.resolve("labelmap.txt")))
        .endsWith("circle:128,0,0::", "square:0,128,0::", "triangle:128,128,0::");
  }

  @Test
  void equalSeedsDrawEqualSets() throws IOException {
    Path one = draw("one", 1);
    Path same = draw("same", 1);
    Path other = draw("other", 2);
    assertThat(files(one)).isEqualTo(files(same)).isEqualTo(files(other)).hasSize(2 * 67 + 3);
    for (Path file : files(one)) {
      byte[] bytes = Files.readAllBytes(one.resolve(file));
      assertThat(Files.readAllBytes(same.resolve(file))).isEqualTo(bytes);
      if (file.toString().endsWith(".jpg")) {
        assertThat(Files.readAllBytes(other.resolve(file))).isNotEqualTo(bytes);
      }
    }
  }

  /** A shape is brighter than its ground or darker, so its label's pixels must be, too. */
  @Test
  void labelsLieOnTheirShapes() throws IOException, BrokenImageException {
    Path folder = draw("one", 3);
    long[] pixels = new long[256];
    int separated = 0;
    for (int number = 0; number < IMAGES; number++) {
      String name = String.format(Locale.ROOT, "train_%04d", number);
      Image image =
          ImageDecoder.decode(Files.readAllBytes(folder.resolve("JPEGImages/" + name + ".jpg")));
      LabelImage labels =
          LabelImage.decode(
              Files.readAllBytes(folder.resolve("SegmentationClass/" + name + ".png")));
      assertThat(labels.width()).isEqualTo(image.width()).isBetween(72, DrawnScenes.MAX_SIDE);
      assertThat(labels.height()).isEqualTo(image.height()).isBetween(72, DrawnScenes.MAX_SIDE);
      double[] brightness = new double[2];
      long[] count = new long[2];
      for (int i = 0; i < labels.labels().length; i++) {
        int label = labels.labels()[i] & 0xFF;
        pixels[label]++;
        if (label != 255) {
          int x = i % labels.width();
          int y = i / labels.width();
          brightness[Math.min(label, 1)] +=
              Math.max(image.value(x, y, 0), Math.max(image.value(x, y, 1), image.value(x, y, 2)));
          count[Math.min(label, 1)]++;
        }
      }
      separated += Math.abs(brightness[0] / count[0] - brightness[1] / count[1]) > 40 ? 1 : 0;
    }
    assertThat(separated).isEqualTo(IMAGES);
    for (int label = 0; label < 4; label++) {
      assertThat(pixels[label]).as("label %d", label).isGreaterThan(5000);
    }
    assertThat(pixels[255]).isGreaterThan(5000);
    assertThat(Arrays.stream(pixels, 4, 255).sum()).isZero();
  }

  /** Of two pixels side by side, both have one label, or one is void. */
  @Test
  void classesAreApartByVoid() throws IOException, BrokenImageException {
    Path folder = draw("one", 4);
    for (Path file : files(folder.resolve("SegmentationClass"))) {
      LabelImage labels =
          LabelImage.decode(Files.readAllBytes(folder.resolve("SegmentationClass").resolve(file)));
      for (int y = 0; y < labels.height(); y++) {
        for (int x = 1; x < labels.width(); x++) {
          int left = labels.label(x - 1, y);
          int right = labels.label(x, y);
          assertThat(left == right || left == 255 || right == 255).isTrue();
        }
      }
    }
  }
}
