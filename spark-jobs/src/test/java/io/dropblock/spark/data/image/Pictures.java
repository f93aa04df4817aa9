package io.dropblock.spark.data.image;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.TestImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The images that make_expected.py wrote, and smooth ones. */
public final class Pictures {
  private Pictures() {}

  public static byte[] bytes(String name) throws IOException {
    try (InputStream in = Pictures.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** A PNG of that name, by the JDK. */
  public static Image expected(String name) throws IOException, BrokenImageException {
    return JdkDecoder.decode(bytes(name + ".png"), "png");
  }

  /** A PNG of that name beside a test, by the JDK. */
  public static Image expected(Class<?> test, String name)
      throws IOException, BrokenImageException {
    try (InputStream in = test.getResourceAsStream(name + ".png")) {
      return JdkDecoder.decode(in.readAllBytes(), "png");
    }
  }

  /** A JPEG whose colours change slowly. */
  public static byte[] smooth(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = wave(x / 60.0 + y / 90.0);
        int green = wave(x / 80.0 - y / 70.0);
        int blue = wave(1 + y / 50.0);
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return TestImages.encode(image, "jpg");
  }

  private static int wave(double angle) {
    return (int) Math.round(128 + 100 * Math.sin(angle));
  }

  /** What a transform makes of a whole image. */
  public static float[] ofWhole(ImageTransform transform, byte[] encoded, long seed)
      throws BrokenImageException {
    float[] out = new float[3 * transform.size() * transform.size()];
    Image image = ImageDecoder.decode(encoded);
    transform.apply(image, KeyedRandom.of(seed), Normalization.NONE, FloatBuffer.wrap(out), 0);
    return out;
  }

  /** What it makes of the bytes, in memory outside the heap. */
  public static float[] ofBytes(ImageTransform transform, byte[] encoded, long seed)
      throws BrokenImageException {
    FloatBuffer out = outside(3 * transform.size() * transform.size());
    transform.decodeAndApply(encoded, KeyedRandom.of(seed), Normalization.NONE, out, 0);
    return Pixels.of(out);
  }

  /** Memory outside the heap. */
  public static FloatBuffer outside(int floats) {
    return ByteBuffer.allocateDirect(Float.BYTES * floats)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** The mean distance of the values. */
  public static double meanDistance(float[] some, float[] others) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += Math.abs(some[i] - others[i]);
    }
    return sum / some.length;
  }

  /** Planes of an image's values, red first. */
  public static float[] planes(Image image) {
    int count = image.width() * image.height();
    float[] planes = new float[3 * count];
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < 3; channel++) {
        planes[channel * count + i] = image.value(i % image.width(), i / image.width(), channel);
      }
    }
    return planes;
  }
}
