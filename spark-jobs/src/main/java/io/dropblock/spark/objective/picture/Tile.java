package io.dropblock.spark.objective.picture;

import io.dropblock.spark.data.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * A small picture, packed for the way from a task to the driver.
 *
 * @param width pixels
 * @param height pixels
 * @param packed its bytes {@code [height, width, 3]}, red first, as zlib has them; not copied
 */
public record Tile(int width, int height, byte[] packed) implements Serializable {

  /**
   * A picture in which each pixel is the mean of those that it stands for.
   *
   * @param side longest side of the tile, pixels; a smaller picture stays as it is
   */
  public static Tile mean(Image image, int side) {
    return of(image, side, true);
  }

  /** The same, in which each pixel is one of the picture's, so that there are no new colours. */
  public static Tile nearest(Image image, int side) {
    return of(image, side, false);
  }

  private static Tile of(Image image, int side, boolean mean) {
    int longest = Math.max(image.width(), image.height());
    int width = longest <= side ? image.width() : Math.max(1, image.width() * side / longest);
    int height = longest <= side ? image.height() : Math.max(1, image.height() * side / longest);
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      Span rows = Span.of(y, height, image.height(), mean);
      for (int x = 0; x < width; x++) {
        Span columns = Span.of(x, width, image.width(), mean);
        for (int channel = 0; channel < 3; channel++) {
          rgb[(y * width + x) * 3 + channel] = (byte) mean(image, columns, rows, channel);
        }
      }
    }
    return new Tile(width, height, deflated(rgb));
  }

  /** Pixels of the picture in one direction, from the first to before the last. */
  private record Span(int from, int to) {
    static Span of(int place, int places, int pixels, boolean all) {
      int from = place * pixels / places;
      int to = Math.max(from + 1, (place + 1) * pixels / places);
      int middle = (from + to) / 2;
      return all ? new Span(from, to) : new Span(middle, middle + 1);
    }

    int size() {
      return to - from;
    }
  }

  private static int mean(Image image, Span columns, Span rows, int channel) {
    int sum = 0;
    for (int y = rows.from(); y < rows.to(); y++) {
      for (int x = columns.from(); x < columns.to(); x++) {
        sum += image.value(x, y, channel);
      }
    }
    int count = columns.size() * rows.size();
    return (sum + count / 2) / count;
  }

  /** The picture. */
  public Image image() {
    return new Image(width, height, inflated());
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2);
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return packed.toByteArray();
  }

  private byte[] inflated() {
    byte[] rgb = new byte[3 * width * height];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int done = 0;
      while (done < rgb.length && !inflater.finished()) {
        done += inflater.inflate(rgb, done, rgb.length - done);
      }
      return rgb;
    } catch (DataFormatException e) {
      throw new IllegalStateException("Cannot unpack a tile: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
