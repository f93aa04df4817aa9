package io.dropblock.spark.data.image;

import static io.dropblock.spark.data.image.ImageOddity.COLOUR_TRANSFORM;
import static io.dropblock.spark.data.image.ImageOddity.JFIF_REVISION;
import static io.dropblock.spark.data.image.ImageOddity.NO_END_MARK;
import static io.dropblock.spark.data.image.ImageOddity.PREVIEW;
import static io.dropblock.spark.data.image.ImageOddity.SCAN_PARAMETERS;
import static io.dropblock.spark.data.image.ImageOddity.STRAY_BYTES;
import static io.dropblock.spark.data.image.JpegSurgery.END;
import static io.dropblock.spark.data.image.JpegSurgery.HUFFMAN;
import static io.dropblock.spark.data.image.JpegSurgery.QUANTISATION;
import static io.dropblock.spark.data.image.JpegSurgery.SCAN;
import static io.dropblock.spark.data.image.JpegSurgery.before;
import static io.dropblock.spark.data.image.JpegSurgery.data;
import static io.dropblock.spark.data.image.JpegSurgery.find;
import static io.dropblock.spark.data.image.JpegSurgery.insert;
import static io.dropblock.spark.data.image.JpegSurgery.set;
import static io.dropblock.spark.data.image.JpegSurgery.until;
import static io.dropblock.spark.data.image.JpegSurgery.wideTables;
import static io.dropblock.spark.data.image.JpegSurgery.without;
import static io.dropblock.spark.data.image.JpegSurgery.withoutSegment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JPEGs with something odd, which both decoders read, and damaged ones, which both refuse. Pillow
 * 12.3.0 makes the same pixels of the odd ones as of what they were made of.
 */
class OddJpegTest {
  private static final int JFIF = 0xE0;
  private static final int FRAME = 0xC0;
  private static final int PROGRESSIVE = 0xC2;

  /** What was done to a JPEG, and what is told of it. */
  record Odd(String what, String of, byte[] jpeg, Set<ImageOddity> told) {
    static Odd of(String what, String of, byte[] jpeg, ImageOddity... told) {
      Set<ImageOddity> set = EnumSet.noneOf(ImageOddity.class);
      set.addAll(List.of(told));
      return new Odd(what, of, jpeg, set);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Odd> odd() throws IOException {
    byte[] plain = Pictures.bytes("420.jpg");
    byte[] full = Pictures.bytes("444.jpg");
    byte[] passes = Pictures.bytes("progressive.jpg");
    byte[] scans = Pictures.bytes("scans.jpg");
    int jfif = find(plain, JFIF, 0);
    int scan = data(plain, 0);
    byte[] unmarked = withoutSegment(full, JFIF);
    byte[] revision = set(plain, jfif + 9, 2);
    byte[] zeroes = set(plain, scan - 3, 0, 0, 0);
    int[] adobe = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 5};
    int[] profile = {
      0xFF, 0xE2, 0, 17, 'I', 'C', 'C', '_', 'P', 'R', 'O', 'F', 'I', 'L', 'E', 0, 5, 1, 9
    };
    return Stream.of(
        Odd.of("nothing", "420", plain),
        Odd.of("JFIF 2.01", "420", revision, JFIF_REVISION),
        Odd.of("SOS of zeroes", "420", zeroes, SCAN_PARAMETERS),
        Odd.of("SOS of ones", "420", set(plain, scan - 3, 255, 255, 255), SCAN_PARAMETERS),
        Odd.of("stray before DQT", "420", before(plain, QUANTISATION, 0, 1, 2), STRAY_BYTES),
        Odd.of("stray before SOF", "420", before(plain, FRAME, 0, 0), STRAY_BYTES),
        Odd.of("stray before DHT", "420", before(plain, HUFFMAN, 0, 7, 0xFF, 0, 8), STRAY_BYTES),
        Odd.of("stray before SOS", "420", before(plain, SCAN, 0, 1, 2, 3), STRAY_BYTES),
        Odd.of("fill before DQT", "420", before(plain, QUANTISATION, 0, 0xFF, 0xFF)),
        Odd.of("stray before EOI", "420", before(plain, END, 0, 1, 2, 3)),
        Odd.of("no EOI", "420", Arrays.copyOf(plain, plain.length - 2), NO_END_MARK),
        Odd.of("half an EOI", "420", Arrays.copyOf(plain, plain.length - 1), NO_END_MARK),
        Odd.of("no EOI but zeroes", "420", set(plain, plain.length - 2, 0, 0), NO_END_MARK),
        Odd.of("bytes behind EOI", "420", insert(plain, plain.length, 1, 0xFF, 0xDA, 3)),
        Odd.of("an image behind EOI", "420", behind(plain, full)),
        Odd.of("16-bit DQT", "420", wideTables(plain)),
        Odd.of("a profile that is not whole", "420", insert(plain, jfif, profile)),
        Odd.of("Adobe's beside JFIF", "420", insert(plain, jfif, adobe)),
        Odd.of("Adobe's transform 5", "444", insert(unmarked, 2, adobe), COLOUR_TRANSFORM),
        Odd.of("no marker of colours", "444", unmarked),
        Odd.of("components 0, 1, 2", "444", components(unmarked, 0, 1, 2)),
        Odd.of(
            "three at once",
            "420",
            before(set(zeroes, jfif + 9, 7), HUFFMAN, 1, 5),
            JFIF_REVISION,
            SCAN_PARAMETERS,
            STRAY_BYTES),
        Odd.of("restarts", "420", Pictures.bytes("restart.jpg")),
        Odd.of("scans", "420", scans),
        Odd.of("scans without EOI", "420", Arrays.copyOf(scans, scans.length - 2), NO_END_MARK),
        Odd.of("stray behind two scans", "420", behindScans(scans), STRAY_BYTES),
        Odd.of("stray behind passes", "progressive", behindScans(passes), STRAY_BYTES),
        Odd.of(
            "passes without EOI",
            "progressive",
            Arrays.copyOf(passes, passes.length - 2),
            NO_END_MARK));
  }

  private static byte[] behind(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] behindScans(byte[] jpeg) {
    byte[] once = before(jpeg, SCAN, 1, 4, 5);
    return insert(once, until(once, 2, false).length, 6, 7, 8);
  }

  private static byte[] components(byte[] jpeg, int... ids) {
    byte[] out = jpeg.clone();
    for (int i = 0; i < 3; i++) {
      out[find(jpeg, FRAME, 0) + 10 + 3 * i] = (byte) ids[i];
      out[find(jpeg, SCAN, 0) + 5 + 2 * i] = (byte) ids[i];
    }
    return out;
  }

  @ParameterizedTest
  @MethodSource("odd")
  void everyPixelIsThere(Odd odd) throws IOException, BrokenImageException {
    byte[] original = Pictures.bytes(odd.of() + ".jpg");
    assertThat(JdkDecoder.decode(odd.jpeg(), "jpeg").rgb())
        .isEqualTo(JdkDecoder.decode(original, "jpeg").rgb());
    assumeTrue(NativeJpeg.problem() == null, "the native library is for Linux on x86-64");
    assertThat(NativeJpeg.whole(odd.jpeg()).rgb()).isEqualTo(Pictures.expected(odd.of()).rgb());
    CentreCrop crop = new CentreCrop(24);
    assertThat(Pictures.ofBytes(crop, odd.jpeg(), 0))
        .isEqualTo(Pictures.ofBytes(crop, original, 0));
  }

  @ParameterizedTest
  @MethodSource("odd")
  void isTold(Odd odd) throws BrokenImageException {
    assertThat(ImageOddity.of(odd.jpeg())).isEqualTo(odd.told());
  }

  static Stream<Odd> damaged() throws IOException {
    byte[] plain = Pictures.bytes("420.jpg");
    byte[] passes = Pictures.bytes("progressive.jpg");
    byte[] scans = Pictures.bytes("scans.jpg");
    byte[] restarts = Pictures.bytes("restart.jpg");
    int half = (data(plain, 0) + plain.length) / 2;
    byte[] revision = set(plain, find(plain, JFIF, 0) + 9, 2);
    byte[] hole = without(passes, data(passes, 1), data(passes, 1) + 20);
    int frame = find(plain, FRAME, 0);
    return Stream.of(
        Odd.of("half", "420", Arrays.copyOf(plain, half)),
        Odd.of("half with EOI", "420", set(Arrays.copyOf(plain, half), half - 2, 0xFF, END)),
        Odd.of("half of JFIF 2.01", "420", Arrays.copyOf(revision, half)),
        Odd.of(
            "the last byte of data missing",
            "420",
            without(plain, plain.length - 3, plain.length - 2)),
        Odd.of("a component without scan", "420", until(scans, 2, true)),
        Odd.of("cut before the last scan", "420", until(scans, 2, false)),
        Odd.of("cut before the last pass", "progressive", until(passes, 5, false)),
        Odd.of(
            "cut within tables",
            "progressive",
            Arrays.copyOf(passes, find(passes, HUFFMAN, 3) + 9)),
        Odd.of("a hole in a pass", "progressive", hole),
        Odd.of(
            "a hole behind stray bytes",
            "progressive",
            insert(hole, until(hole, 1, false).length, 5)),
        Odd.of(
            "no pass of means",
            "progressive",
            without(passes, find(passes, SCAN, 0), until(passes, 1, false).length)),
        Odd.of("stray before a restart", "420", before(restarts, 0xD0, 0, 1, 2, 3)),
        Odd.of(
            "a restart missing",
            "420",
            without(restarts, find(restarts, 0xD1, 0), find(restarts, 0xD1, 0) + 2)),
        Odd.of("two start marks", "420", insert(plain, 2, 0xFF, 0xD8)),
        Odd.of("no tables", "420", withoutSegment(plain, QUANTISATION)),
        Odd.of("arithmetic coding", "420", Pictures.bytes("arithmetic.jpg")),
        Odd.of("lossless", "420", set(plain, frame + 1, 0xC3)),
        Odd.of("hierarchical", "420", set(plain, frame + 1, 0xC5)),
        Odd.of("12 bits", "420", set(plain, frame + 4, 12)),
        Odd.of("2 components", "420", twoComponents(plain, frame)),
        Odd.of(
            "no scan",
            "420",
            set(Arrays.copyOf(plain, find(plain, SCAN, 0) + 2), find(plain, SCAN, 0), 0xFF, END)));
  }

  private static byte[] twoComponents(byte[] jpeg, int frame) {
    return without(
        set(
            jpeg,
            frame + 3,
            14,
            8,
            jpeg[frame + 5],
            jpeg[frame + 6],
            jpeg[frame + 7],
            jpeg[frame + 8],
            2),
        frame + 16,
        frame + 19);
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void isRefusedByBoth(Odd odd) {
    assertThatThrownBy(() -> JdkDecoder.decode(odd.jpeg(), "jpeg"))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageNotContaining("\n");
    assumeTrue(NativeJpeg.problem() == null, "the native library is for Linux on x86-64");
    assertThatThrownBy(() -> NativeJpeg.whole(odd.jpeg()))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aPreviewIsReadAndTold() throws IOException, BrokenImageException {
    byte[] passes = Pictures.bytes("progressive.jpg");
    byte[] preview = until(passes, 5, true);
    assertThat(find(preview, PROGRESSIVE, 0)).isPositive();
    assertThat(ImageOddity.of(preview)).containsExactly(PREVIEW);
    float[] whole = Pictures.planes(Pictures.expected("progressive"));
    for (Image image : List.of(ImageDecoder.decode(preview), JdkDecoder.decode(preview, "jpeg"))) {
      assertThat(Pictures.meanDistance(Pictures.planes(image), whole)).isBetween(0.01, 15.0);
    }
  }

  @Test
  void inksOfAnUnknownTransformAreReadAlike() throws IOException, BrokenImageException {
    byte[] inks = Pictures.bytes("cmyk.jpg");
    byte[] odd = set(inks, find(inks, 0xEE, 0) + 15, 1);
    assertThat(ImageOddity.of(odd)).containsExactly(COLOUR_TRANSFORM);
    float[] ours = Pictures.planes(ImageDecoder.decode(odd));
    float[] jdks = Pictures.planes(JdkDecoder.decode(odd, "jpeg"));
    assertThat(Pictures.meanDistance(ours, jdks)).isLessThan(1);
  }
}
