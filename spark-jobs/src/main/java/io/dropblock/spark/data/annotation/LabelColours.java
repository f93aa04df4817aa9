package io.dropblock.spark.data.annotation;

/** The colours in which label maps are shown and stored: the palette of PASCAL VOC. */
public final class LabelColours {
  private LabelColours() {}

  /**
   * VOC's colour of a label, {@code 0xRRGGBB}: the label's bits from the lowest on go to red, green
   * and blue in turn, and there from the highest bit down (development kit, {@code
   * VOClabelcolormap.m}). Background is black, void cream.
   *
   * @param label 0 to 255
   */
  public static int of(int label) {
    int rgb = 0;
    for (int bit = 0; bit < 8; bit++) {
      int channel = 16 - bit % 3 * 8;
      rgb |= (label >> bit & 1) << channel + 7 - bit / 3;
    }
    return rgb;
  }
}
