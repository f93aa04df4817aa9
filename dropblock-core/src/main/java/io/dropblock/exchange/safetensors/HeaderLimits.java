package io.dropblock.exchange.safetensors;

/**
 * What a header is refused for before it is parsed: no file needs it, and a parser of JSON takes
 * very long for it, or much memory. A number of a million digits is one, levels without end
 * another.
 */
final class HeaderLimits {
  /** Header, tensor, list of numbers; one more for what is told of a wrong one. */
  private static final int LEVELS = 4;

  /** Of 64 bits 20 are enough. */
  private static final int NUMBER = 40;

  /** NumPy's arrays have 32 dimensions at most, PyTorch's 64. */
  private static final int LIST = 64;

  private final boolean[] lists = new boolean[LEVELS + 1];
  private final int[] items = new int[LEVELS + 1];
  private int level;
  private int number;
  private boolean quoted;
  private boolean escaped;

  private HeaderLimits() {}

  /**
   * Looks at all of it.
   *
   * @throws SafetensorsException at the first such thing
   */
  static void require(String header) throws SafetensorsException {
    HeaderLimits limits = new HeaderLimits();
    for (int i = 0; i < header.length(); i++) {
      limits.next(header.charAt(i));
    }
  }

  private void next(char c) throws SafetensorsException {
    if (quoted) {
      quoted = escaped || c != '"';
      escaped = !escaped && c == '\\';
      return;
    }
    number = c >= '0' && c <= '9' || c == '.' ? number + 1 : 0;
    refuse(number > NUMBER, "a number of more than " + NUMBER + " digits");
    switch (c) {
      case '"' -> quoted = true;
      case '{', '[' -> {
        refuse(level == LEVELS, "more than " + LEVELS + " levels");
        level++;
        lists[level] = c == '[';
        items[level] = 1;
      }
      case '}', ']' -> level = Math.max(0, level - 1);
      case ',' -> {
        items[level]++;
        refuse(lists[level] && items[level] > LIST, "a list of more than " + LIST + " numbers");
      }
      default -> {}
    }
  }

  private static void refuse(boolean found, String what) throws SafetensorsException {
    if (found) {
      throw new SafetensorsException("its header has " + what);
    }
  }
}
