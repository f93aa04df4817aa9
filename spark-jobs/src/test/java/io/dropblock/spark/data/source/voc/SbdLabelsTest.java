package io.dropblock.spark.data.source.voc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.image.BrokenImageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;
import us.hebi.matlab.mat.types.Struct;

class SbdLabelsTest {
  @Test
  void readsWhatScipyWrote() throws Exception {
    byte[] mat;
    // make_sbd.py beside it; the formula of the labels is there.
    try (InputStream in = SbdLabelsTest.class.getResourceAsStream("sbd.mat")) {
      mat = in.readAllBytes();
    }

    BufferedImage labels = read(SbdLabels.png(mat));
    assertThat(labels.getWidth()).isEqualTo(7);
    assertThat(labels.getHeight()).isEqualTo(5);
    for (int row = 0; row < 5; row++) {
      for (int column = 0; column < 7; column++) {
        assertThat(labels.getRaster().getSample(column, row, 0))
            .isEqualTo((3 * row + 5 * column) % 21);
      }
    }
  }

  @Test
  void keepsEveryValue() throws Exception {
    // Not taken for linear light and brightened.
    Matrix all = matrix(2, 128, MatlabType.UInt8);
    for (int value = 0; value < 256; value++) {
      all.setInt(value % 2, value / 2, value);
    }
    BufferedImage labels = read(SbdLabels.png(mat("GTcls", "Segmentation", all)));
    for (int value = 0; value < 256; value++) {
      assertThat(labels.getRaster().getSample(value / 2, value % 2, 0)).isEqualTo(value);
    }
    assertThat(labels.getRaster().getNumBands()).isEqualTo(1);
    assertThat(labels.getRaster().getSampleModel().getSampleSize(0)).isEqualTo(8);
  }

  @Test
  void readsAMatrixOfFourPixels() throws Exception {
    // Its data stand in their tag.
    Matrix small = matrix(1, 4, MatlabType.UInt8);
    small.setInt(0, 3, 20);
    BufferedImage labels = read(SbdLabels.png(mat("GTcls", "Segmentation", small)));
    assertThat(labels.getWidth()).isEqualTo(4);
    assertThat(labels.getRaster().getSample(3, 0, 0)).isEqualTo(20);
  }

  @Test
  void refusesOtherContent() throws IOException {
    Matrix labels = matrix(3, 2, MatlabType.UInt8);
    refuses(new byte[500], "it is no MATLAB 5 file");
    refuses(mat("GTinst", "Segmentation", labels), "there is no struct GTcls");
    refuses(mat("GTcls", "Boundaries", labels), "there is no field Segmentation");
    refuses(
        mat("GTcls", "Segmentation", matrix(3, 2, MatlabType.Double)),
        "Segmentation of element 1 is of class 6");
    refuses(
        mat("GTcls", "Segmentation", matrix(3, 2, MatlabType.UInt16)),
        "Segmentation of element 1 is of class 11");
    refuses(
        mat("GTcls", "Segmentation", Mat5.newString("123")),
        "Segmentation of element 1 is of class 4");
    refuses(
        mat("GTcls", "Segmentation", matrix(0, 2, MatlabType.UInt8)),
        "Segmentation of element 1 is no matrix, its dimensions are [0, 2]");
    Struct two = Mat5.newStruct(2, 1);
    two.set("Segmentation", 0, labels).set("Segmentation", 1, labels);
    refuses(bytes(Mat5.newMatFile().addArray("GTcls", two)), "GTcls has 2 elements, not 1");
  }

  @Test
  void doesNotTrustDimensions() throws IOException {
    byte[] mat = plain();
    ByteBuffer words = ByteBuffer.wrap(mat).order(ByteOrder.LITTLE_ENDIAN);
    int at = dimensions(words);
    words.putInt(at, 4);
    refuses(mat, "Segmentation of element 1 has 6 bytes for 4 x 2 elements");
    words.putInt(at, 1 << 15).putInt(at + 4, 1 << 15);
    refuses(mat, "Segmentation of element 1 has 6 bytes for 32768 x 32768 elements");
    words.putInt(at, Integer.MAX_VALUE).putInt(at + 4, Integer.MAX_VALUE);
    refuses(mat, "a variable has a dimension of 2147483647");
    words.putInt(at, -3);
    refuses(mat, "a variable has a dimension of -3");
  }

  @Test
  void survivesAnyDamage() throws IOException {
    byte[] whole = plain();
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 20_000; trial++) {
      byte[] damaged = Arrays.copyOf(whole, trial < whole.length ? trial : whole.length);
      for (int i = 0; trial >= whole.length && i < 3; i++) {
        damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
      }
      try {
        SbdLabels.png(damaged);
      } catch (BrokenImageException e) {
        assertThat(e).hasMessageStartingWith("MATLAB file: ");
      }
    }
  }

  private static Matrix matrix(int rows, int columns, MatlabType type) {
    return Mat5.newMatrix(rows, columns, type);
  }

  /** Six pixels, not compressed. */
  private static byte[] plain() throws IOException {
    return bytes(
        file("GTcls", "Segmentation", matrix(3, 2, MatlabType.UInt8)), Deflater.NO_COMPRESSION);
  }

  /** Where the dimensions 3 and 2 stand. */
  private static int dimensions(ByteBuffer words) {
    for (int at = 128; at < words.limit() - 8; at += 4) {
      if (words.getInt(at) == 3 && words.getInt(at + 4) == 2) {
        return at;
      }
    }
    throw new IllegalArgumentException("no dimensions");
  }

  private static MatFile file(String name, String field, Array value) {
    return Mat5.newMatFile().addArray(name, Mat5.newStruct(1, 1).set(field, value));
  }

  private static byte[] mat(String name, String field, Array value) throws IOException {
    return bytes(file(name, field, value));
  }

  private static byte[] bytes(MatFile file) throws IOException {
    return bytes(file, Deflater.BEST_SPEED);
  }

  private static byte[] bytes(MatFile file, int level) throws IOException {
    byte[] bytes = new byte[4096];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Mat5.newWriter(Sinks.wrap(buffer)).setDeflateLevel(level).writeMat(file);
    return Arrays.copyOf(bytes, buffer.position());
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static void refuses(byte[] mat, String reason) {
    assertThatThrownBy(() -> SbdLabels.png(mat))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("MATLAB file: " + reason);
  }
}
