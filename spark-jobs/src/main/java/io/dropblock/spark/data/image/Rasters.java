package io.dropblock.spark.data.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * Copies the stored samples of an AWT image to RGB bytes. Not {@code getRGB}: that one takes grey
 * for linear light and brightens it, and applies colour profiles, so the same JPEG would look
 * different to the network than in TensorFlow or PIL.
 */
final class Rasters {
  private Rasters() {}

  /**
   * Has a reader write its samples to where they stay: none is in memory twice.
   *
   * @param bands grey, grey and alpha, colours, colours and alpha: 1 to 4
   * @param bits of a sample, 8 or 16
   */
  static Image read(ImageReader reader, int bands, int bits) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    byte[] rgb = new byte[3 * width * height];
    DataBuffer samples =
        bands == 3 && bits == Byte.SIZE
            ? new DataBufferByte(rgb, rgb.length)
            : new KeptSamples(rgb, bands, bits);
    int type = samples.getDataType();
    boolean alpha = bands % 2 == 0;
    SampleModel model =
        new PixelInterleavedSampleModel(
            type, width, height, bands, bands * width, IntStream.range(0, bands).toArray());
    ColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(bands < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            type);
    WritableRaster raster = Raster.createWritableRaster(model, samples, null);
    ImageReadParam where = reader.getDefaultReadParam();
    where.setDestination(new BufferedImage(colours, raster, false, null));
    reader.read(0, where);
    return new Image(width, height, rgb);
  }

  /** Of grey of 8 bits or less, or a palette. */
  static Image rgb(BufferedImage image) throws BrokenImageException {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[3 * width * height];
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof IndexColorModel palette) {
      copyPalette(raster, palette, rgb);
    } else if (raster.getDataBuffer() instanceof DataBufferByte data
        && raster.getNumBands() == 1
        && raster.getSampleModel() instanceof ComponentSampleModel model) {
      copyGrey(raster, data.getData(), model, rgb);
    } else {
      throw new BrokenImageException("samples in an unknown layout");
    }
    return new Image(width, height, rgb);
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

  private static void copyGrey(Raster raster, byte[] data, ComponentSampleModel model, byte[] rgb) {
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      int from = y * model.getScanlineStride() + model.getBandOffsets()[0];
      for (int x = 0; x < raster.getWidth(); x++, from += model.getPixelStride()) {
        rgb[to++] = data[from];
        rgb[to++] = data[from];
        rgb[to++] = data[from];
      }
    }
  }
}
