package io.dropblock.spark.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Images and image folders drawn for tests. */
public final class TestImages {
  private TestImages() {}

  /** A JPEG of random coarse patches; another seed gives other bytes. */
  public static byte[] jpeg(int width, int height, long seed) {
    return encode(patches(width, height, BufferedImage.TYPE_INT_RGB, seed), "jpg");
  }

  /** A PNG of random coarse patches. */
  public static byte[] png(int width, int height, long seed) {
    return encode(patches(width, height, BufferedImage.TYPE_INT_RGB, seed), "png");
  }

  /** Patches of 4 x 4 pixels. */
  public static BufferedImage patches(int width, int height, int type, long seed) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 0xFF000000 | (int) KeyedRandom.hash(seed, x / 4, y / 4));
      }
    }
    return image;
  }

  /** Encodes without touching the disk. */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * {@code train/<class>} and {@code val/<class>} with JPEGs of 16 x 16 pixels, each of other
   * bytes.
   */
  public static Path folder(Path root, List<String> classes, int train, int val)
      throws IOException {
    for (String name : classes) {
      fill(root.resolve("train").resolve(name), train, name.hashCode());
      fill(root.resolve("val").resolve(name), val, name.hashCode() + 7919L);
    }
    return root;
  }

  /** Numbered JPEGs in one folder. */
  public static void fill(Path folder, int count, long seed) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      Files.write(
          folder.resolve(String.format(Locale.ROOT, "%04d.jpg", i)),
          jpeg(16, 16, KeyedRandom.hash(seed, i)));
    }
  }

  /**
   * A JPEG with EXIF data that say how to turn it.
   *
   * @param orientation 1 to 8
   */
  public static byte[] turned(byte[] jpeg, int orientation) {
    byte[] exif =
        HexFormat.of()
            .parseHex(
                "ffe10022457869660000"
                    + "4d4d002a00000008"
                    + "0001"
                    + "011200030000000100060000"
                    + "00000000");
    exif[29] = (byte) orientation;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(exif);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
