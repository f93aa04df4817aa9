package io.dropblock.spark.data.image;

import io.dropblock.cpu.JarLibrary;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JPEGs by libjpeg-turbo: whole, or only the part that a crop needs, scaled and normalised row by
 * row as it is decoded. The library of {@code src/main/native}, which finds libjpeg-turbo in the
 * library of leptonica's presets; both travel in the jar, for Linux on x86-64.
 */
final class NativeJpeg {
  private static final Logger LOG = LoggerFactory.getLogger(NativeJpeg.class);
  private static final String PLATFORM = "linux-x86_64";
  private static final String JPEG = "/org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6";
  private static final String OURS =
      "/io/dropblock/spark/data/image/linux-x86_64/libdropblockjpeg.so";
  private static final String PROBLEM = JarLibrary.load(NativeJpeg.class, PLATFORM, JPEG, OURS);

  static {
    if (PROBLEM != null) {
      LOG.warn(
          "JPEGs are decoded by the JDK, several times slower than by libjpeg-turbo: {}", PROBLEM);
    }
  }

  private NativeJpeg() {}

  /** Why JPEGs cannot be decoded here; null if they can. */
  static String problem() {
    return PROBLEM;
  }

  /** A whole image; CMYK becomes RGB as in TensorFlow, without a colour profile. */
  static Image whole(byte[] jpeg) throws BrokenImageException {
    JpegHeader header = JpegHeader.of(jpeg);
    requireScans(jpeg, header);
    byte[] rgb = new byte[3 * header.width() * header.height()];
    require(whole(jpeg, header.width(), header.height(), rgb));
    return new Image(header.width(), header.height(), rgb);
  }

  /**
   * The part of an image that a crop needs, as {@link Resampler} makes it of the whole image. Data
   * behind the part is not read.
   *
   * @param denominator 1, 2, 4 or 8: the image is decoded at 1 over that of its size
   */
  static void square(
      byte[] jpeg,
      JpegHeader header,
      Crop crop,
      int denominator,
      Resampler resampler,
      FloatBuffer out,
      int offset)
      throws BrokenImageException {
    requireScans(jpeg, header);
    Region region = crop.region();
    int size = resampler.size();
    int x = region.x() / denominator;
    int y = region.y() / denominator;
    int[] geometry = {
      header.width(),
      header.height(),
      denominator,
      x,
      y,
      (region.x() + region.width() - 1) / denominator - x + 1,
      (region.y() + region.height() - 1) / denominator - y + 1,
      size,
      crop.mirror() ? 1 : 0
    };
    Resampling resampling = resampler.resampling();
    Axis across = Axis.of(region.x(), region.width(), denominator, size, resampling);
    Axis down = Axis.of(region.y(), region.height(), denominator, size, resampling);
    int side = Axis.TAPS * size;
    int[] taps = new int[2 * side];
    System.arraycopy(across.index(), 0, taps, 0, side);
    System.arraycopy(down.index(), 0, taps, side, side);
    float[] weights = new float[2 * side + 6];
    System.arraycopy(across.weight(), 0, weights, 0, side);
    System.arraycopy(down.weight(), 0, weights, side, side);
    for (int channel = 0; channel < 3; channel++) {
      weights[2 * side + channel] = resampler.normalization().mean().get(channel);
      weights[2 * side + 3 + channel] = 1 / resampler.normalization().std().get(channel);
    }
    Objects.checkFromIndexSize(offset, 3 * size * size, out.capacity());
    if (!out.isDirect()) {
      int first = out.arrayOffset() + offset;
      require(square(jpeg, geometry, taps, weights, null, out.array(), first));
      return;
    }
    if (out.isReadOnly() || out.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "Cannot write a square: the memory is read-only, or not of this machine's byte order");
    }
    require(square(jpeg, geometry, taps, weights, out, null, offset));
  }

  /** By what the decoder may divide so that the region stays at least as large as the result. */
  static int denominator(Region region, int size) {
    int denominator = 8;
    while (denominator > 1 && Math.min(region.width(), region.height()) / denominator < size) {
      denominator /= 2;
    }
    return denominator;
  }

  private static void requireScans(byte[] jpeg, JpegHeader header) throws BrokenImageException {
    if (header.manyScans()) {
      JpegScans.areComplete(jpeg, header);
    }
  }

  private static void require(String problem) throws BrokenImageException {
    if (problem != null) {
      throw new BrokenImageException(problem);
    }
  }

  /** The SHA-256 of the sources that the library was made of: build.sh. */
  static native String source();

  private static native String whole(byte[] jpeg, int width, int height, byte[] rgb);

  /** Writes to one of memory outside the heap and an array; the other is null. */
  private static native String square(
      byte[] jpeg,
      int[] geometry,
      int[] taps,
      float[] weights,
      FloatBuffer direct,
      float[] array,
      int offset);
}
