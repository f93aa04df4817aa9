package io.dropblock.spark.data.image;

import java.util.EnumSet;
import java.util.Set;

/**
 * What is odd about an image of which every pixel is there: it is read as every viewer reads it,
 * and told. Pixels that a decoder would make up are no oddity: such an image is broken.
 */
public enum ImageOddity {
  /** Other than 1, which says nothing of how pixels are stored. */
  JFIF_REVISION("an unknown JFIF revision"),
  /** Taken for luma and colour differences, as all decoders do. */
  COLOUR_TRANSFORM("an unknown colour transform of Adobe's"),
  /** Between the parts of the header; all that is needed was found. */
  STRAY_BYTES("stray bytes between its parts"),
  /** Of a scan that is not progressive, for which they say nothing. */
  SCAN_PARAMETERS("wrong parameters of a scan (SOS)"),
  /** Every pixel was decoded before the bytes ended. */
  NO_END_MARK("no end mark"),
  /** A progressive JPEG that was made to stop before its finest scan, as a preview. */
  PREVIEW("no scan of full precision");

  private final String words;

  ImageOddity(String words) {
    this.words = words;
  }

  /** For a message, such as {@code no end mark}. */
  public String words() {
    return words;
  }

  /**
   * What is odd about an image that {@link ImageDecoder#decode} decodes; with either decoder the
   * same. Stray bytes behind the data of a scan are not told: where data ends only a decoder knows.
   *
   * @throws BrokenImageException where its header cannot be read
   */
  public static Set<ImageOddity> of(byte[] bytes) throws BrokenImageException {
    Set<ImageOddity> found = EnumSet.noneOf(ImageOddity.class);
    if (!JpegHeader.isAtStartOf(bytes)) {
      return found;
    }
    JpegHeader header = JpegHeader.of(bytes);
    add(found, JFIF_REVISION, header.jfif() != JpegHeader.NONE && header.jfif() != 1);
    add(found, COLOUR_TRANSFORM, header.hasUnknownTransform());
    add(found, PREVIEW, header.manyScans() && !JpegScans.areComplete(bytes, header));
    JpegMarkers markers = new JpegMarkers(bytes);
    boolean ended = false;
    while (!ended && markers.next()) {
      ended = markers.code() == JpegMarkers.END;
      if (markers.code() == JpegMarkers.SCAN) {
        add(found, SCAN_PARAMETERS, !header.progressive() && !isSequential(markers));
        markers.passData();
      }
    }
    add(found, STRAY_BYTES, markers.stray() > 0);
    add(found, NO_END_MARK, !ended);
    return found;
  }

  private static boolean isSequential(JpegMarkers scan) {
    int at = 1 + 2 * scan.value(0);
    return scan.value(at) == 0 && scan.value(at + 1) == 63 && scan.value(at + 2) == 0;
  }

  private static void add(Set<ImageOddity> found, ImageOddity oddity, boolean is) {
    if (is) {
      found.add(oddity);
    }
  }
}
