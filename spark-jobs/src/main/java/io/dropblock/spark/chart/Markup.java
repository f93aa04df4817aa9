package io.dropblock.spark.chart;

/** Text in HTML and SVG. */
public final class Markup {
  private Markup() {}

  /**
   * A text that is shown as it is, in an element or between the quotes of an attribute. What XML
   * does not allow, such as control characters, becomes a replacement character.
   */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(point) ? point : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  private static boolean isAllowed(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || point >= ' ' && point < 0xD800
        || point >= 0xE000 && point != 0xFFFE && point != 0xFFFF;
  }
}
