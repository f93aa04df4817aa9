package io.dropblock.spark.data.source.coco.json;

import java.io.IOException;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * What an entry of a COCO file is named by: a whole number, as COCO has it, or a text. Equal
 * numbers are equal, however they are written.
 *
 * @param number 0 where it is a text
 * @param text null where it is a number
 */
public record CocoId(long number, String text) implements Comparable<CocoId> {
  private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Comparator<CocoId> ORDER =
      Comparator.comparing((CocoId id) -> id.text, Comparator.nullsFirst(String::compareTo))
          .thenComparingLong(CocoId::number);

  static CocoId of(long number) {
    return new CocoId(number, null);
  }

  /** Of a text, which is a number where it looks like one. */
  static CocoId of(String text) {
    return NUMBER.matcher(text).matches() ? of(Long.parseLong(text)) : new CocoId(0, text);
  }

  static CocoId read(CocoJson json) throws IOException, CocoFlaw {
    Long number = json.wholeNumber();
    if (number != null) {
      return of(number);
    }
    CocoId id = of(json.text());
    if (id.isNumber()) {
      json.add(CocoOddity.TEXT_NUMBER);
    }
    return id;
  }

  /** Whether it is a number, not a text. */
  public boolean isNumber() {
    return text == null;
  }

  /** Numbers first. */
  @Override
  public int compareTo(CocoId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return text == null ? Long.toString(number) : CocoJson.shortened(text);
  }
}
