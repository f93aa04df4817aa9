package io.dropblock.spark.data.annotation;

import java.util.Arrays;
import java.util.Locale;

/**
 * The short form of run lengths in COCO's files ({@code cocodataset/cocoapi: common/maskApi.c}). A
 * character less 48 has 6 bits: 5 of a number, the lowest first, and whether more follow. The last
 * 5 carry the sign. From the fourth on, a number is the difference to the count two before it.
 */
final class CompressedCounts {
  private static final char FIRST = '0';
  private static final int DIGIT_BITS = 5;
  private static final int MORE = 1 << DIGIT_BITS;
  private static final int SIGN = MORE >> 1;
  private static final int MOST_DIGITS = 7;

  private CompressedCounts() {}

  static int[] decode(String text) {
    int[] counts = new int[text.length()];
    int size = 0;
    int position = 0;
    while (position < text.length()) {
      int end = lastDigit(text, position);
      long value = number(text, position, end) + (size > 2 ? counts[size - 2] : 0);
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw invalid(String.format(Locale.ROOT, "run %d has %d pixels", size, value));
      }
      counts[size++] = (int) value;
      position = end + 1;
    }
    return Arrays.copyOf(counts, size);
  }

  /** Where the number that starts here has its last digit. */
  private static int lastDigit(String text, int start) {
    for (int i = start; i < text.length() && i < start + MOST_DIGITS; i++) {
      int digit = text.charAt(i) - FIRST;
      if (digit < 0 || digit >= 2 * MORE) {
        throw invalid(String.format(Locale.ROOT, "character %d is no digit", i));
      }
      if ((digit & MORE) == 0) {
        return i;
      }
    }
    throw invalid(String.format(Locale.ROOT, "the number at character %d does not end", start));
  }

  private static long number(String text, int start, int end) {
    int last = text.charAt(end) - FIRST;
    long value = (last & SIGN) == 0 ? last : last - MORE;
    for (int i = end - 1; i >= start; i--) {
      value = value << DIGIT_BITS | (text.charAt(i) - FIRST & MORE - 1);
    }
    return value;
  }

  private static IllegalArgumentException invalid(String reason) {
    return new IllegalArgumentException("Invalid compressed mask: " + reason);
  }
}
