package io.dropblock.spark.data.image;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A JPEG without its oddities, for the JDK's reader. That one tells only the first of libjpeg's
 * warnings, so none may be harmless; it guesses colours by rules of its own, refuses colour
 * profiles that are not whole, and reads them for nothing. What is left: tables, frame, scans, and
 * a marker of our own that says what libjpeg-turbo takes the colours for.
 */
final class JdkJpeg {
  private static final byte[] START = {(byte) 0xFF, (byte) JpegMarkers.START};
  private static final byte[] END = {(byte) 0xFF, (byte) JpegMarkers.END};
  private static final byte[] YCC = {
    (byte) 0xFF, (byte) JpegMarkers.APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };
  private static final byte[] RGB = {
    (byte) 0xFF, (byte) JpegMarkers.APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  private final byte[] bytes;
  private final JpegHeader header;

  /** Tables, frame and header of the first scan, its data, those of the next, and so on. */
  private final List<byte[]> parts = new ArrayList<>();

  JdkJpeg(byte[] bytes, JpegHeader header) throws BrokenImageException {
    this.bytes = bytes;
    this.header = header;
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    part.writeBytes(START);
    if (header.components() == 3) {
      part.writeBytes(header.isRgb() ? RGB : YCC);
    }
    JpegMarkers markers = new JpegMarkers(bytes);
    while (markers.next() && markers.code() != JpegMarkers.END) {
      if (!markers.isRemark()) {
        part.writeBytes(segment(markers));
      }
      if (markers.code() == JpegMarkers.SCAN) {
        parts.add(part.toByteArray());
        int data = markers.end();
        markers.passData();
        parts.add(Arrays.copyOfRange(bytes, data, markers.end()));
        part.reset();
      }
    }
  }

  private byte[] segment(JpegMarkers markers) {
    byte[] segment = Arrays.copyOfRange(bytes, markers.start(), markers.end());
    if (markers.code() == JpegMarkers.SCAN && !header.progressive() && segment.length >= 3) {
      segment[segment.length - 3] = 0;
      segment[segment.length - 2] = 63;
      segment[segment.length - 1] = 0;
    }
    return segment;
  }

  int scans() {
    return parts.size() / 2;
  }

  /** The JPEG up to a scan, 1 being the first, and an end mark. */
  byte[] upTo(int scan) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.subList(0, 2 * scan).forEach(out::writeBytes);
    out.writeBytes(END);
    return out.toByteArray();
  }

  byte[] data(int scan) {
    return parts.get(2 * scan - 1);
  }

  void setData(int scan, byte[] data) {
    parts.set(2 * scan - 1, data);
  }
}
