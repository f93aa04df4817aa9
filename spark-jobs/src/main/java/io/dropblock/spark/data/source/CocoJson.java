package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** Values of a JSON stream, of the type and range that they should have. */
final class CocoJson {
  private static final int MOST_CHARACTERS = 60;

  private CocoJson() {}

  /** Takes the values of an object. */
  @FunctionalInterface
  interface Fields {
    /** Told each key; the parser is at the first token of its value, which need not be read. */
    void value(String key, JsonParser json) throws IOException, CocoFlaw;
  }

  /**
   * Reads an object to its end, whatever is wrong with it.
   *
   * @return the first flaw, or null
   */
  static String object(JsonParser json, Fields fields) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return "it is no object";
    }
    JsonStreamContext object = json.getParsingContext();
    String flaw = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.getCurrentName();
      json.nextToken();
      try {
        fields.value(key, json);
        json.skipChildren();
      } catch (CocoFlaw e) {
        flaw = flaw == null ? "its " + key + " " + e.getMessage() : flaw;
        while (json.getParsingContext() != object) {
          json.nextToken();
        }
      }
    }
    return flaw;
  }

  static long integer(JsonParser json) throws IOException, CocoFlaw {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw unlike(json, "a whole number of 64 bits");
    }
    return json.getLongValue();
  }

  static int integer(JsonParser json, int min, int max) throws IOException, CocoFlaw {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() != JsonParser.NumberType.INT
        || json.getIntValue() < min
        || json.getIntValue() > max) {
      throw unlike(json, String.format(Locale.ROOT, "a whole number from %d to %d", min, max));
    }
    return json.getIntValue();
  }

  static double number(JsonParser json, double min, double max) throws IOException, CocoFlaw {
    boolean number =
        json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
            || json.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (!number || !(json.getDoubleValue() >= min && json.getDoubleValue() <= max)) {
      throw unlike(json, String.format(Locale.ROOT, "a number from %.0f to %.0f", min, max));
    }
    return json.getDoubleValue();
  }

  static String text(JsonParser json) throws IOException, CocoFlaw {
    if (json.currentToken() != JsonToken.VALUE_STRING || json.getText().isBlank()) {
      throw unlike(json, "a text");
    }
    return json.getText();
  }

  static float[] numbers(JsonParser json, double min, double max) throws IOException, CocoFlaw {
    requireArray(json);
    float[] numbers = new float[16];
    int size = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = (float) number(json, min, max);
    }
    return Arrays.copyOf(numbers, size);
  }

  static int[] integers(JsonParser json) throws IOException, CocoFlaw {
    requireArray(json);
    int[] integers = new int[16];
    int size = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (size == integers.length) {
        integers = Arrays.copyOf(integers, 2 * size);
      }
      integers[size++] = integer(json, 0, Integer.MAX_VALUE);
    }
    return Arrays.copyOf(integers, size);
  }

  static void requireArray(JsonParser json) throws IOException, CocoFlaw {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw unlike(json, "an array");
    }
  }

  private static CocoFlaw unlike(JsonParser json, String expected) throws IOException {
    String found =
        switch (json.currentToken()) {
          case START_ARRAY -> "an array";
          case START_OBJECT -> "an object";
          default -> shortened(json.getText());
        };
    return new CocoFlaw("is " + found + ", not " + expected);
  }

  /** A text in quotes, printable and not too long. */
  static String shortened(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= MOST_CHARACTERS
        ? "'" + printable + "'"
        : "'" + printable.substring(0, MOST_CHARACTERS) + "...'";
  }
}
