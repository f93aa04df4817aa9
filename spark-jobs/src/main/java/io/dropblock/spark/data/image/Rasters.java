package io.dropblock.spark.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Copies the stored samples of an AWT image to RGB bytes. Not {@code getRGB}: that one takes grey
 * for linear light and brightens it, and applies colour profiles, so the same JPEG would look
 * different to the network than in TensorFlow or PIL.
 */
final class Rasters {
  private Rasters() {}

  static Image rgb(BufferedImage image) throws BrokenImageException {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    if (isBgrAlone(raster)) {
      return new Image(width, height, swap(((DataBufferByte) raster.getDataBuffer()).getData()));
    }
    byte[] rgb = new byte[3 * width * height];
    if (image.getColorModel() instanceof IndexColorModel palette) {
      copyPalette(raster, palette, rgb);
    } else if (raster.getDataBuffer() instanceof DataBufferByte data
        && data.getNumBanks() == 1
        && raster.getSampleModel() instanceof ComponentSampleModel model) {
      copyBytes(raster, data.getData(), model, rgb);
    } else {
      copySamples(raster, rgb);
    }
    return new Image(width, height, rgb);
  }

  /** Whether its memory holds blue, green, red and nothing else, as the JDK's readers make it. */
  private static boolean isBgrAlone(Raster raster) {
    return raster.getDataBuffer() instanceof DataBufferByte data
        && data.getNumBanks() == 1
        && data.getOffset() == 0
        && data.getData().length == 3L * raster.getWidth() * raster.getHeight()
        && raster.getSampleModel() instanceof ComponentSampleModel model
        && model.getPixelStride() == 3
        && model.getScanlineStride() == 3 * raster.getWidth()
        && Arrays.equals(model.getBandOffsets(), new int[] {2, 1, 0});
  }

  /** In place: a photograph of 50 megapixels need not be there twice. */
  private static byte[] swap(byte[] bgr) {
    for (int i = 0; i < bgr.length; i += 3) {
      byte blue = bgr[i];
      bgr[i] = bgr[i + 2];
      bgr[i + 2] = blue;
    }
    return bgr;
  }

  private static void copyPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int[] row = new int[raster.getWidth()];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, row.length, 1, 0, row);
      for (int index : row) {
        int colour = colours[index];
        rgb[to++] = (byte) (colour >> 16);
        rgb[to++] = (byte) (colour >> 8);
        rgb[to++] = (byte) colour;
      }
    }
  }

  private static void copyBytes(
      Raster raster, byte[] data, ComponentSampleModel model, byte[] rgb) {
    int[] bands = model.getBandOffsets();
    int red = bands[0];
    int green = bands[bands.length < 3 ? 0 : 1];
    int blue = bands[bands.length < 3 ? 0 : 2];
    int step = model.getPixelStride();
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      int from = y * model.getScanlineStride();
      for (int x = 0; x < raster.getWidth(); x++, from += step) {
        rgb[to++] = data[from + red];
        rgb[to++] = data[from + green];
        rgb[to++] = data[from + blue];
      }
    }
  }

  /** 16-bit PNGs: the upper byte of each sample. */
  private static void copySamples(Raster raster, byte[] rgb) throws BrokenImageException {
    int type = raster.getSampleModel().getDataType();
    int bits = raster.getSampleModel().getSampleSize(0);
    if (type != DataBuffer.TYPE_USHORT && type != DataBuffer.TYPE_BYTE || bits != 8 && bits != 16) {
      throw new BrokenImageException("samples of " + bits + " bits in an unknown layout");
    }
    int grey = raster.getNumBands() < 3 ? 0 : 1;
    int[] row = new int[raster.getWidth()];
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int channel = 0; channel < 3; channel++) {
        raster.getSamples(0, y, row.length, 1, channel * grey, row);
        for (int x = 0; x < row.length; x++) {
          rgb[(y * row.length + x) * 3 + channel] = (byte) (row[x] >> bits - 8);
        }
      }
    }
  }
}
