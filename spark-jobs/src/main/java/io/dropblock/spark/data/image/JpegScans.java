package io.dropblock.spark.data.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much of a JPEG its scans hold, where one does not hold all: libjpeg makes up what no scan
 * has, without a word (ITU-T T.81, G.1).
 */
final class JpegScans {
  /** A progressive JPEG of a few bytes can ask for thousands of passes over a large image. */
  private static final int MOST = 500;

  private static final int COEFFICIENTS = 64;
  private static final int UNKNOWN = -1;

  private final List<Integer> names = new ArrayList<>();
  private final List<int[]> missingBits = new ArrayList<>();
  private final boolean ended;

  private JpegScans(byte[] bytes, JpegHeader header) throws BrokenImageException {
    JpegMarkers markers = new JpegMarkers(bytes);
    int scans = 0;
    boolean end = false;
    while (!end && markers.next()) {
      end = markers.code() == JpegMarkers.END;
      if (markers.isFrame()) {
        addFrame(markers);
      } else if (markers.code() == JpegMarkers.SCAN) {
        if (++scans > MOST) {
          throw new BrokenImageException("more than " + MOST + " scans");
        }
        addScan(markers, header.progressive());
        markers.passData();
      }
    }
    ended = end;
  }

  /**
   * Checks that no pixel's value is missing altogether.
   *
   * @return whether all is there to its last bit; a progressive JPEG may stop before, as a preview
   *     does
   * @throws BrokenImageException where a component has no scan, or the file stops before its end
   *     mark and its last bits
   */
  static boolean areComplete(byte[] bytes, JpegHeader header) throws BrokenImageException {
    JpegScans scans = new JpegScans(bytes, header);
    boolean complete = true;
    for (int component = 0; component < scans.names.size(); component++) {
      int[] missing = scans.missingBits.get(component);
      if (missing[0] == UNKNOWN) {
        throw new BrokenImageException("JPEG has no scan of its component " + (component + 1));
      }
      complete &= Arrays.stream(missing).allMatch(bits -> bits == 0);
    }
    if (!complete && !scans.ended) {
      throw new BrokenImageException("JPEG is truncated before its last scan");
    }
    return complete;
  }

  private void addFrame(JpegMarkers markers) {
    for (int i = 0; i < markers.value(5); i++) {
      names.add(markers.value(6 + 3 * i));
      int[] bits = new int[COEFFICIENTS];
      Arrays.fill(bits, UNKNOWN);
      missingBits.add(bits);
    }
  }

  /**
   * Components, then first and last coefficient, then the bits that were there before and are still
   * missing.
   */
  private void addScan(JpegMarkers markers, boolean progressive) {
    int components = markers.value(0);
    int parameters = 1 + 2 * components;
    int first = progressive ? markers.value(parameters) : 0;
    int last = progressive ? markers.value(parameters + 1) : COEFFICIENTS - 1;
    int missing = progressive ? markers.value(parameters + 2) & 0xF : 0;
    for (int i = 0; i < components; i++) {
      int component = names.indexOf(markers.value(1 + 2 * i));
      for (int at = first; component >= 0 && at <= Math.min(last, COEFFICIENTS - 1); at++) {
        missingBits.get(component)[at] = missing;
      }
    }
  }
}
