package io.dropblock.spark.data.image;

/**
 * What the markers of a JPEG say before its first scan (ITU-T T.81, B.1).
 *
 * @param components of its frame; 0 where there is no frame header
 * @param adobeTransform colour transform in Adobe's APP14 marker, or {@link #NO_ADOBE}
 */
record JpegMarkers(int components, int adobeTransform) {
  /** No such marker. */
  static final int NO_ADOBE = -1;

  /** Y, Cb, Cr of the inverted inks, and K. */
  static final int YCCK = 2;

  private static final int APP14 = 0xEE;
  private static final int SCAN = 0xDA;
  private static final int END = 0xD9;
  private static final int COMPONENTS_AT = 9;
  private static final int TRANSFORM_AT = 15;

  static JpegMarkers of(byte[] jpeg) {
    int components = 0;
    int transform = NO_ADOBE;
    int at = 2;
    while (at + 4 <= jpeg.length && value(jpeg, at) == 0xFF) {
      int marker = value(jpeg, at + 1);
      if (marker == 0xFF) {
        // A fill byte.
        at++;
        continue;
      }
      if (marker == SCAN || marker == END) {
        break;
      }
      int length = value(jpeg, at + 2) << 8 | value(jpeg, at + 3);
      if (isFrame(marker) && at + COMPONENTS_AT < jpeg.length) {
        components = value(jpeg, at + COMPONENTS_AT);
      } else if (marker == APP14 && at + TRANSFORM_AT < jpeg.length && isAdobe(jpeg, at + 4)) {
        transform = value(jpeg, at + TRANSFORM_AT);
      }
      at += 2 + Math.max(2, length);
    }
    return new JpegMarkers(components, transform);
  }

  /** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean isAdobe(byte[] jpeg, int at) {
    String name = "Adobe";
    for (int i = 0; i < name.length(); i++) {
      if (value(jpeg, at + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int value(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }
}
