package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.files.TestTars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Struct;

/**
 * A small ILSVRC2012 in the layout of its download: 3 classes with 2, 3 and 4 images, 4 validation
 * images.
 */
public final class TestIlsvrc {
  static final List<String> SYNSETS = List.of("n00000011", "n00000022", "n00000033");

  /** The classes of the validation images: 2, 0, 1, 2. */
  public static final List<String> LABELS =
      List.of("n00000033", "n00000011", "n00000022", "n00000033");

  private final Path folder;

  /** Entries of the training tar. */
  public final Map<String, byte[]> train = new LinkedHashMap<>();

  /** Entries of the validation tar. */
  public final Map<String, byte[]> val = new LinkedHashMap<>();

  /** Draws the images; writes nothing yet. */
  public TestIlsvrc(Path folder) throws IOException {
    this.folder = folder;
    // Not in the order of the synsets.
    for (int rank : new int[] {2, 0, 1}) {
      train.put(SYNSETS.get(rank) + ".tar", TestTars.bytes(classImages(rank, rank + 2)));
    }
    for (int i = 3; i >= 0; i--) {
      val.put(String.format(Locale.ROOT, "ILSVRC2012_val_%08d.JPEG", i + 1), image(100 + i));
    }
  }

  static Map<String, byte[]> classImages(int rank, int count) {
    Map<String, byte[]> images = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      images.put(
          String.format(Locale.ROOT, "%s_%d.JPEG", SYNSETS.get(rank), i), image(10 * rank + i));
    }
    return images;
  }

  static byte[] image(int seed) {
    return TestImages.jpeg(16, 16, seed);
  }

  /** Writes both tars. */
  public TestIlsvrc write() throws IOException {
    Files.write(folder.resolve("ILSVRC2012_img_train.tar"), TestTars.bytes(train));
    Files.write(folder.resolve("ILSVRC2012_img_val.tar"), TestTars.bytes(val));
    return this;
  }

  /** Writes the labels as a list of synsets. */
  public TestIlsvrc withList(List<String> labels) throws IOException {
    Files.write(folder.resolve("synset_labels.txt"), labels);
    return this;
  }

  /** The numbers of the synsets in the devkit: 3, 1, 2, and 4 is a group of them. */
  static byte[] meta() throws IOException {
    Struct synsets = Mat5.newStruct(4, 1);
    int[] ids = {1, 2, 3, 4};
    String[] wnids = {"n00000022", "n00000033", "n00000011", "n00000044"};
    for (int i = 0; i < 4; i++) {
      synsets.set("ILSVRC2012_ID", i, Mat5.newScalar(ids[i]));
      synsets.set("WNID", i, Mat5.newString(wnids[i]));
      synsets.set("words", i, Mat5.newString("word " + i));
      synsets.set("num_children", i, Mat5.newScalar(i == 3 ? 3 : 0));
    }
    return mat("synsets", synsets);
  }

  /** A MATLAB file with one variable. */
  static byte[] mat(String name, Array value) throws IOException {
    Path file = Files.createTempFile("meta", ".mat");
    try {
      Mat5.writeToFile(Mat5.newMatFile().addArray(name, value), file.toFile());
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  /** The numbers of {@link #LABELS}. */
  static byte[] groundTruth() {
    return "2\n3\n1\n2\n".getBytes(StandardCharsets.US_ASCII);
  }
}
