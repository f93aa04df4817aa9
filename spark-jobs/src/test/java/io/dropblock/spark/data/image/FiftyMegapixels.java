package io.dropblock.spark.data.image;

import io.dropblock.spark.data.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A process that decodes plain photographs of 50 megapixels, two at a time. */
final class FiftyMegapixels {
  private static final int WIDTH = 8660;
  private static final int HEIGHT = 5774;
  private static final int AT_A_TIME = 2;
  private static final int RGB = 2;
  private static final int RGB_AND_ALPHA = 6;

  private FiftyMegapixels() {}

  public static void main(String[] args) throws Exception {
    byte[] jpeg = jpeg(false);
    byte[] progressive = jpeg(true);
    decode("PNG", png(RGB, 8));
    decode("PNG with alpha", png(RGB_AND_ALPHA, 8));
    decode("PNG of 16 bits", png(RGB, 16));
    decode("JPEG", jpeg);
    decode("progressive JPEG", progressive);
    all("JPEG by the JDK", () -> JdkDecoder.decode(jpeg, "jpeg"));
  }

  private static void decode(String what, byte[] encoded) throws Exception {
    all(what, () -> ImageDecoder.decode(encoded));
  }

  private static void all(String what, Callable<Image> decoding) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Image> images = new ArrayList<>();
      for (Future<Image> image : threads.invokeAll(List.of(decoding, decoding))) {
        images.add(image.get());
      }
      long pixels = images.stream().mapToLong(image -> image.rgb().length / 3).sum();
      System.out.printf(Locale.ROOT, "%s: %d%n", what, pixels);
    } finally {
      threads.shutdown();
    }
  }

  private static byte[] jpeg(boolean progressive) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    if (!progressive) {
      return TestImages.encode(image, "jpg");
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam passes = writer.getDefaultWriteParam();
      passes.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), passes);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] png(int colourType, int bits) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x89);
    bytes.writeBytes("PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream numbers = new DataOutputStream(header);
    numbers.writeInt(WIDTH);
    numbers.writeInt(HEIGHT);
    header.writeBytes(new byte[] {(byte) bits, (byte) colourType, 0, 0, 0});
    chunk(bytes, "IHDR", header.toByteArray());
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(rows)) {
      int samples = colourType == RGB ? 3 : 4;
      byte[] row = new byte[1 + WIDTH * samples * bits / Byte.SIZE];
      for (int y = 0; y < HEIGHT; y++) {
        deflated.write(row);
      }
    }
    chunk(bytes, "IDAT", rows.toByteArray());
    chunk(bytes, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content)
      throws IOException {
    DataOutputStream out = new DataOutputStream(png);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) crc.getValue());
  }
}
