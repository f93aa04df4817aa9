package io.dropblock.spark.data.source.coco.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Values of a JSON stream, of the type and range that they should have, and what is odd there. */
public final class CocoJson {
  private static final int MOST_CHARACTERS = 60;
  // Doubles beyond it do not tell whole numbers apart.
  private static final double MAX_EXACT = 1L << 53;

  private final JsonParser parser;
  private final Set<CocoOddity> oddities = EnumSet.noneOf(CocoOddity.class);

  CocoJson(JsonParser parser) {
    this.parser = parser;
  }

  /** Takes the values of an object. */
  @FunctionalInterface
  interface Fields {
    /** Told each key; the parser is at the first token of its value, which need not be read. */
    void value(String key) throws IOException, CocoFlaw;
  }

  /** Adds something odd of the entry that is being read. */
  void add(CocoOddity oddity) {
    oddities.add(oddity);
  }

  /** What was odd since the last call. */
  Set<CocoOddity> takeOddities() {
    if (oddities.isEmpty()) {
      return Set.of();
    }
    Set<CocoOddity> taken = EnumSet.copyOf(oddities);
    oddities.clear();
    return taken;
  }

  JsonToken token() {
    return parser.currentToken();
  }

  JsonToken next() throws IOException {
    return parser.nextToken();
  }

  /**
   * Reads an object to its end, whatever is wrong with it. A key whose value is null is as one that
   * is missing.
   *
   * @return the first flaw, or null
   */
  String object(Fields fields) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return "it is no object";
    }
    JsonStreamContext object = parser.getParsingContext();
    String flaw = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.getCurrentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      try {
        fields.value(key);
        parser.skipChildren();
      } catch (CocoFlaw e) {
        flaw = flaw == null ? "its " + key + " " + e.getMessage() : flaw;
        while (parser.getParsingContext() != object) {
          parser.nextToken();
        }
      }
    }
    return flaw;
  }

  /** A whole number of 64 bits, with or without a point; null where it is no number. */
  Long wholeNumber() throws IOException, CocoFlaw {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw unlike("a whole number of 64 bits");
      }
      return parser.getLongValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (!(Math.abs(value) <= MAX_EXACT) || value != Math.rint(value)) {
        throw unlike("a whole number of 64 bits");
      }
      return (long) value;
    }
    return null;
  }

  int integer(int min, int max) throws IOException, CocoFlaw {
    double value = asNumber();
    if (!(value >= min && value <= max) || value != Math.rint(value)) {
      throw unlike(String.format(Locale.ROOT, "a whole number from %d to %d", min, max));
    }
    return (int) value;
  }

  double number(double min, double max) throws IOException, CocoFlaw {
    double value = asNumber();
    if (!(value >= min && value <= max)) {
      throw unlike(String.format(Locale.ROOT, "a number from %.0f to %.0f", min, max));
    }
    return value;
  }

  /** A yes or no, which COCO writes as 1 or 0. */
  boolean flag() throws IOException, CocoFlaw {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> integer(0, 1) == 1;
    };
  }

  /** The value of a number, also of one written as a text; NaN where it is none. */
  private double asNumber() throws IOException {
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return parser.getDoubleValue();
      }
      case VALUE_STRING -> {
        // Not Double.parseDouble alone: it takes "1f" and "0x1p3".
        if (parser.getText().strip().matches("[-+]?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]{1,3})?")) {
          add(CocoOddity.TEXT_NUMBER);
          return Double.parseDouble(parser.getText().strip());
        }
        return Double.NaN;
      }
      default -> {
        return Double.NaN;
      }
    }
  }

  String text() throws IOException, CocoFlaw {
    boolean text =
        parser.currentToken() == JsonToken.VALUE_STRING
            || parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (!text || parser.getText().isBlank()) {
      throw unlike("a text");
    }
    return parser.getText();
  }

  /** A text, or null where something else stands. */
  String optionalText() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
  }

  int[] integers() throws IOException, CocoFlaw {
    requireArray();
    int[] integers = new int[16];
    int size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (size == integers.length) {
        integers = Arrays.copyOf(integers, 2 * size);
      }
      integers[size++] = integer(0, Integer.MAX_VALUE);
    }
    return Arrays.copyOf(integers, size);
  }

  void requireArray() throws IOException, CocoFlaw {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw unlike("an array");
    }
  }

  private CocoFlaw unlike(String expected) throws IOException {
    String found =
        switch (parser.currentToken()) {
          case START_ARRAY -> "an array";
          case START_OBJECT -> "an object";
          default -> shortened(parser.getText());
        };
    return new CocoFlaw("is " + found + ", not " + expected);
  }

  /** A text in quotes, printable and not too long. */
  public static String shortened(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= MOST_CHARACTERS
        ? "'" + printable + "'"
        : "'" + printable.substring(0, MOST_CHARACTERS) + "...'";
  }
}
