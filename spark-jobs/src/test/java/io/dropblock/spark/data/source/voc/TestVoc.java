package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.files.TestTars;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

/** A small VOC 2012 and a small SBD, drawn. Images have 20 x 12 pixels. */
public final class TestVoc {
  public static final int WIDTH = 20;
  public static final int HEIGHT = 12;

  private final Path folder;

  /**
   * @param folder to be made
   */
  public TestVoc(Path folder) {
    this.folder = folder;
  }

  /** Images {@code a0}, ... to train on and {@code b0}, ... to validate on, with their labels. */
  public static TestVoc draw(Path devkit, int train, int val) throws IOException {
    TestVoc voc = new TestVoc(devkit.resolve("VOCdevkit/VOC2012"));
    List<String> trainNames = numbered("a", train);
    List<String> valNames = numbered("b", val);
    for (String name : trainNames) {
      voc.image(name).label("SegmentationClass", name, png(WIDTH, HEIGHT, (x, y) -> label(x)));
    }
    for (String name : valNames) {
      voc.image(name).label("SegmentationClass", name, png(WIDTH, HEIGHT, (x, y) -> label(x)));
    }
    return voc.list("train", trainNames).list("val", valNames);
  }

  /** Background to the left, then one column of void, then a person. */
  private static int label(int x) {
    return x < 9 ? 0 : x == 9 ? 255 : 15;
  }

  public static List<String> numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  /** {@code VOC2012}. */
  public Path folder() {
    return folder;
  }

  public TestVoc image(String name) throws IOException {
    return file("JPEGImages/" + name + ".jpg", TestImages.jpeg(WIDTH, HEIGHT, name.hashCode()));
  }

  public TestVoc label(String labels, String name, byte[] png) throws IOException {
    return file(labels + "/" + name + ".png", png);
  }

  public TestVoc list(String name, List<String> lines) throws IOException {
    return file(
        "ImageSets/Segmentation/" + name + ".txt",
        String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  public TestVoc file(String name, byte[] bytes) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.write(path, bytes);
    return this;
  }

  /** Packs a folder as the official tar is. */
  public static Path tar(Path folder, Path tar) throws IOException {
    return TestTars.pack(folder, tar, "", TarArchiveOutputStream.LONGFILE_POSIX);
  }

  /** A PNG with VOC's depth and a palette whose colours say nothing of the index. */
  public static byte[] png(int width, int height, IntBinaryOperator label) {
    byte[] colours = new byte[3 * 256];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = (byte) (37 * i + 11);
    }
    IndexColorModel palette = new IndexColorModel(8, 256, colours, 0, false);
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, label.applyAsInt(x, y));
      }
    }
    return TestImages.encode(image, "png");
  }

  /** Lists and labels of SBD, as {@code dataset/}; all its pixels of an image are of one class. */
  public static void sbd(Path dataset, List<String> train, List<String> val, int label)
      throws IOException {
    TestVoc sbd = new TestVoc(dataset);
    for (List<String> names : List.of(train, val)) {
      for (String name : names) {
        sbd.file("cls/" + name + ".mat", mat(WIDTH, HEIGHT, (x, y) -> label));
      }
    }
    sbd.file("train.txt", (String.join("\n", train) + "\n").getBytes(StandardCharsets.UTF_8));
    sbd.file("val.txt", (String.join("\n", val) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A label file of SBD, by somebody else's writer. */
  public static byte[] mat(int width, int height, IntBinaryOperator label) throws IOException {
    Matrix matrix = Mat5.newMatrix(height, width, MatlabType.UInt8);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        matrix.setInt(y, x, label.applyAsInt(x, y));
      }
    }
    byte[] bytes = new byte[1 << 16];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Mat5.newWriter(Sinks.wrap(buffer))
        .writeMat(
            Mat5.newMatFile().addArray("GTcls", Mat5.newStruct(1, 1).set("Segmentation", matrix)));
    return Arrays.copyOf(bytes, buffer.position());
  }
}
