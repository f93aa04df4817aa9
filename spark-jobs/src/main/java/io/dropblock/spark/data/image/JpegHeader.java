package io.dropblock.spark.data.image;

import java.util.Locale;

/**
 * What a JPEG says before its first scan, read without decoding anything (ITU-T T.81, B.2.2). Read
 * are baseline, extended and progressive JPEGs of 8 bits with Huffman coding: what both decoders
 * can, and what cameras and programs write.
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 * @param components 1 grey, 3 colours or 4 inks
 * @param progressive whether it comes coarse first
 * @param manyScans whether one scan does not hold all of it
 * @param jfif major revision in JFIF's APP0 marker, or {@link #NONE}
 * @param adobe colour transform in Adobe's APP14 marker, or {@link #NONE}
 * @param named whether the components have the names R, G and B
 */
record JpegHeader(
    int width,
    int height,
    int components,
    boolean progressive,
    boolean manyScans,
    int jfif,
    int adobe,
    boolean named) {
  /** No such marker. */
  static final int NONE = -1;

  private static final int PLAIN = 0;
  private static final int YCC = 1;
  private static final int YCCK = 2;
  private static final int JFIF_BYTES = 14;
  private static final int ADOBE_BYTES = 12;
  private static final int FRAME_BYTES = 6;

  static boolean isAtStartOf(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xFF
        && bytes[1] == (byte) JpegMarkers.START
        && bytes[2] == (byte) 0xFF;
  }

  /**
   * Reads on to the first scan.
   *
   * @throws BrokenImageException where there is none, or the JPEG is of a kind that is not read, or
   *     larger than {@link ImageDecoder#MAX_PIXELS}
   */
  static JpegHeader of(byte[] bytes) throws BrokenImageException {
    JpegMarkers markers = new JpegMarkers(bytes);
    JpegHeader frame = null;
    int jfif = NONE;
    int adobe = NONE;
    int end = 2;
    while (markers.next()) {
      end = markers.end();
      if (markers.code() == JpegMarkers.SCAN || markers.code() == JpegMarkers.END) {
        if (frame == null || markers.code() == JpegMarkers.END) {
          throw new BrokenImageException(
              frame == null
                  ? "JPEG has no frame header before its first scan"
                  : "JPEG has no scan");
        }
        return frame.with(markers.value(0), jfif, adobe);
      }
      if (markers.isFrame()) {
        frame = frame(markers);
      } else if (markers.code() == JpegMarkers.APP0
          && markers.length() >= JFIF_BYTES
          && markers.startsWith("JFIF\0")) {
        jfif = markers.value(5);
      } else if (markers.code() == JpegMarkers.APP14
          && markers.length() >= ADOBE_BYTES
          && markers.startsWith("Adobe")) {
        adobe = markers.value(ADOBE_BYTES - 1);
      }
    }
    throw new BrokenImageException(
        markers.stray() > 0
            ? "JPEG has no marker behind byte " + end
            : "JPEG is truncated at byte " + bytes.length);
  }

  private JpegHeader with(int componentsOfScan, int jfif, int adobe) {
    boolean many = progressive || componentsOfScan < components;
    return new JpegHeader(width, height, components, progressive, many, jfif, adobe, named);
  }

  private static JpegHeader frame(JpegMarkers markers) throws BrokenImageException {
    requireKind(markers.code());
    int components = markers.value(5);
    if (markers.length() != FRAME_BYTES + 3 * components) {
      throw new BrokenImageException("JPEG has a frame header of a wrong length");
    }
    if (markers.value(0) != 8) {
      throw notRead(String.format(Locale.ROOT, "JPEG of %d bits a sample", markers.value(0)));
    }
    if (components != 1 && components != 3 && components != 4) {
      throw notRead(String.format(Locale.ROOT, "JPEG of %d components", components));
    }
    int height = markers.value(1) << 8 | markers.value(2);
    int width = markers.value(3) << 8 | markers.value(4);
    ImageDecoder.requireSize(width, height);
    boolean named =
        components == 3
            && markers.value(6) == 'R'
            && markers.value(9) == 'G'
            && markers.value(12) == 'B';
    boolean progressive = markers.code() == JpegMarkers.FRAME + 2;
    return new JpegHeader(width, height, components, progressive, false, NONE, NONE, named);
  }

  private static void requireKind(int code) throws BrokenImageException {
    switch (code - JpegMarkers.FRAME) {
      case 0, 1, 2 -> {}
      case 3, 11 -> throw notRead("lossless JPEG");
      case 9, 10 -> throw notRead("JPEG with arithmetic coding");
      default -> throw notRead("hierarchical JPEG");
    }
  }

  private static BrokenImageException notRead(String kind) {
    return new BrokenImageException("a " + kind + " is not read; store it as a baseline one");
  }

  /**
   * Whether three components are red, green and blue as they are, and not luma and colour
   * differences: as libjpeg tells them apart.
   */
  boolean isRgb() {
    return components == 3 && jfif == NONE && (adobe == NONE ? named : adobe == PLAIN);
  }

  /** Whether four components are luma, colour differences and black. */
  boolean isYcck() {
    return components == 4 && adobe != NONE && adobe != PLAIN;
  }

  /** Whether Adobe's marker has a colour transform that nobody knows, where it counts. */
  boolean hasUnknownTransform() {
    return switch (components) {
      case 3 -> jfif == NONE && adobe > YCC;
      case 4 -> adobe == YCC || adobe > YCCK;
      default -> false;
    };
  }
}
