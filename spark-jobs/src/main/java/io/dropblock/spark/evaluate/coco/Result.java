package io.dropblock.spark.evaluate.coco;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dropblock.spark.data.source.coco.json.CocoFlaw;
import io.dropblock.spark.data.source.coco.json.CocoId;
import io.dropblock.spark.data.source.coco.json.CocoJson;
import java.io.IOException;
import java.util.Locale;

/**
 * A detection of a results file. Nothing but what COCO documents is taken for one.
 *
 * @param image id of its image
 * @param category id of its class
 * @param box x, y, width and height, pixels: finite, sizes 0 or more
 * @param score finite
 */
record Result(CocoId image, CocoId category, double[] box, double score) {
  // Doubles beyond it do not tell whole numbers apart.
  private static final double MAX_EXACT = 1L << 53;

  /** Reads the object that has begun; keys that are not needed are passed over. */
  static Result read(JsonParser parser) throws IOException, CocoFlaw {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new CocoFlaw("it is " + text(parser) + ", not an object");
    }
    CocoId image = null;
    CocoId category = null;
    double[] box = null;
    Double score = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.getCurrentName();
      parser.nextToken();
      switch (key) {
        case "image_id" -> image = id(parser, key);
        case "category_id" -> category = id(parser, key);
        case "bbox" -> box = box(parser);
        case "score" -> score = number(parser, key);
        default -> parser.skipChildren();
      }
    }
    require("image_id", image);
    require("category_id", category);
    require("bbox", box);
    require("score", score);
    return new Result(image, category, box, score);
  }

  private static void require(String key, Object value) throws CocoFlaw {
    if (value == null) {
      throw new CocoFlaw("it has no " + key);
    }
  }

  private static CocoId id(JsonParser parser, String key) throws IOException, CocoFlaw {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return new CocoId(parser.getLongValue(), null);
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (Math.abs(value) <= MAX_EXACT && value == Math.rint(value)) {
        return new CocoId((long) value, null);
      }
    }
    // Some annotations have texts for ids; a number in quotes is none of them
    if (token == JsonToken.VALUE_STRING && !parser.getText().matches("0|-?[1-9][0-9]*")) {
      return new CocoId(0, parser.getText());
    }
    throw new CocoFlaw("its " + key + " is " + text(parser) + ", not a whole number");
  }

  private static double[] box(JsonParser parser) throws IOException, CocoFlaw {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new CocoFlaw("its bbox is " + text(parser) + ", not an array of 4 numbers");
    }
    double[] box = new double[4];
    int size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (size == box.length) {
        throw new CocoFlaw("its bbox has more than 4 numbers");
      }
      box[size++] = number(parser, "bbox");
    }
    if (size < box.length) {
      throw new CocoFlaw(String.format(Locale.ROOT, "its bbox has %d numbers, not 4", size));
    }
    if (box[2] < 0 || box[3] < 0) {
      throw new CocoFlaw(
          String.format(
              Locale.ROOT,
              "its bbox has the negative size %s x %s; bbox is x, y, width, height",
              box[2],
              box[3]));
    }
    return box;
  }

  private static double number(JsonParser parser, String key) throws IOException, CocoFlaw {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw new CocoFlaw(
        String.format(
            Locale.ROOT,
            key.equals("bbox")
                ? "its %s has %s in it, not a finite number"
                : "its %s is %s, not a finite number",
            key,
            text(parser)));
  }

  /** A value, for people. */
  static String text(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> "an array";
      case START_OBJECT -> "an object";
      case VALUE_STRING -> "the text " + CocoJson.shortened(parser.getText());
      default -> shortened(parser.getText());
    };
  }

  private static String shortened(String text) {
    return text.length() <= 30 ? text : text.substring(0, 30) + "...";
  }
}
