package io.dropblock.spark.data.image;

import java.awt.image.DataBuffer;

/**
 * The samples of an image, pixel after pixel, of which only what an {@link Image} has is kept: no
 * alpha, of 16 bits the upper 8, and grey three times.
 */
final class KeptSamples extends DataBuffer {
  private final byte[] rgb;
  private final int bands;
  private final int shift;

  /**
   * To write to.
   *
   * @param rgb 3 bytes a pixel
   * @param bands grey, grey and alpha, colours, colours and alpha: 1 to 4
   * @param bits of a sample, 8 or 16
   */
  KeptSamples(byte[] rgb, int bands, int bits) {
    super(bits == Byte.SIZE ? TYPE_BYTE : TYPE_USHORT, rgb.length / 3 * bands);
    this.rgb = rgb;
    this.bands = bands;
    this.shift = bits - Byte.SIZE;
  }

  @Override
  public int getElem(int bank, int index) {
    throw new UnsupportedOperationException("samples are only written");
  }

  @Override
  public void setElem(int bank, int index, int value) {
    int band = index % bands;
    int pixel = index / bands * 3;
    byte sample = (byte) (value >> shift);
    if (bands < 3 && band == 0) {
      rgb[pixel] = sample;
      rgb[pixel + 1] = sample;
      rgb[pixel + 2] = sample;
    } else if (bands >= 3 && band < 3) {
      rgb[pixel + band] = sample;
    }
  }
}
