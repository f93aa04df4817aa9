package io.dropblock.spark.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Formats of image files, by the ending of a name and by the first bytes of a file. */
public enum ImageFormat {
  /** Read. */
  JPEG("JPEG", "jpg", "jpeg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjp"),
  /** Read. */
  PNG("PNG", "png", "apng"),
  WEBP("WebP", "webp"),
  GIF("GIF", "gif"),
  BMP("BMP", "bmp", "dib"),
  TIFF("TIFF", "tif", "tiff"),
  HEIC("HEIC", "heic", "heif", "hif"),
  AVIF("AVIF", "avif"),
  JPEG_2000("JPEG 2000", "jp2", "j2k", "jpf", "jpx", "j2c"),
  JPEG_XL("JPEG XL", "jxl"),
  NETPBM("Netpbm", "ppm", "pgm", "pbm", "pnm", "pam"),
  PHOTOSHOP("Photoshop", "psd", "psb"),
  ICON("icon", "ico", "cur", "icns"),
  TARGA("Targa", "tga"),
  SVG("SVG", "svg", "svgz"),
  RAW("raw camera", "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "pef", "srw", "raw"),
  DICOM("DICOM", "dcm", "dicom");

  private static final int BRAND_AT = 8;
  private static final int DICOM_AT = 128;

  /** As many first bytes of a file as {@link #of(byte[])} looks at. */
  public static final int BYTES = DICOM_AT + 4;

  private final String title;
  private final List<String> endings;

  ImageFormat(String title, String... endings) {
    this.title = title;
    this.endings = List.of(endings);
  }

  /** Its name for people, such as {@code WebP}. */
  public String title() {
    return title;
  }

  /** Whether {@link ImageDecoder} decodes it. */
  public boolean isRead() {
    return this == JPEG || this == PNG;
  }

  /**
   * By the ending of a file's name.
   *
   * @param ending in any case, without its dot
   */
  public static Optional<ImageFormat> ofEnding(String ending) {
    String lower = ending.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(format -> format.endings.contains(lower)).findFirst();
  }

  /**
   * By the first bytes of a file.
   *
   * @param bytes the file, or its first {@link #BYTES} or more
   */
  public static Optional<ImageFormat> of(byte[] bytes) {
    return Arrays.stream(values()).filter(format -> format.begins(bytes)).findFirst();
  }

  private boolean begins(byte[] bytes) {
    return switch (this) {
      case JPEG -> JpegHeader.isAtStartOf(bytes);
      case PNG -> PngChunks.areIn(bytes);
      case WEBP -> has(bytes, 0, "RIFF") && has(bytes, BRAND_AT, "WEBP");
      case GIF -> has(bytes, 0, "GIF8");
      // Two letters are few: the four reserved bytes of the header are zero.
      case BMP -> has(bytes, 0, "BM") && has(bytes, 6, "\0\0\0\0");
      case TIFF -> has(bytes, 0, "II*\0") || has(bytes, 0, "MM\0*");
      case HEIC -> isMedia(bytes, "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1");
      case AVIF -> isMedia(bytes, "avif", "avis");
      case JPEG_2000 -> has(bytes, 0, "\0\0\0\fjP  ") || has(bytes, 0, "\u00ffO\u00ffQ");
      case JPEG_XL -> has(bytes, 0, "\0\0\0\fJXL ") || has(bytes, 0, "\u00ff\n");
      case NETPBM -> bytes.length > 2 && bytes[0] == 'P' && isNetpbm(bytes[1], bytes[2]);
      case PHOTOSHOP -> has(bytes, 0, "8BPS");
      case ICON -> has(bytes, 0, "\0\0\1\0") || has(bytes, 0, "icns");
      case DICOM -> has(bytes, DICOM_AT, "DICM");
      // Targa has no mark at its start, SVG is text, and raw files are mostly TIFF.
      case TARGA, SVG, RAW -> false;
    };
  }

  private static boolean isNetpbm(byte kind, byte next) {
    return kind >= '1' && kind <= '7' && (next == '\n' || next == ' ' || next == '\r');
  }

  private static boolean isMedia(byte[] bytes, String... brands) {
    return has(bytes, 4, "ftyp")
        && Arrays.stream(brands).anyMatch(brand -> has(bytes, BRAND_AT, brand));
  }

  private static boolean has(byte[] bytes, int at, String mark) {
    byte[] wanted = mark.getBytes(StandardCharsets.ISO_8859_1);
    int end = at + wanted.length;
    return bytes.length >= end && Arrays.equals(bytes, at, end, wanted, 0, wanted.length);
  }
}
