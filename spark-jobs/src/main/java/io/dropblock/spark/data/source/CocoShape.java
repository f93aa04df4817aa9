package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.annotation.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The {@code segmentation} of an annotation: polygons, or run lengths in either form. */
final class CocoShape implements CocoJson.Fields {
  private int[] size;
  private int[] counts;
  private String text;

  private CocoShape() {}

  /** Reads a shape; null where there is none, or it is empty. */
  static Shape read(JsonParser json) throws IOException, CocoFlaw {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    try {
      return json.currentToken() == JsonToken.START_OBJECT ? runs(json) : polygons(json);
    } catch (IllegalArgumentException e) {
      throw new CocoFlaw("is not usable: " + e.getMessage());
    }
  }

  private static Shape polygons(JsonParser json) throws IOException, CocoFlaw {
    CocoJson.requireArray(json);
    List<float[]> rings = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      rings.add(
          CocoJson.numbers(json, -CocoAnnotation.MAX_COORDINATE, CocoAnnotation.MAX_COORDINATE));
    }
    return rings.isEmpty() ? null : new Polygons(rings.toArray(float[][]::new));
  }

  private static Shape runs(JsonParser json) throws IOException, CocoFlaw {
    CocoShape shape = new CocoShape();
    String flaw = CocoJson.object(json, shape);
    if (flaw == null && shape.size == null) {
      flaw = "it has no size";
    }
    if (flaw == null && shape.counts == null && shape.text == null) {
      flaw = "it has no counts";
    }
    if (flaw == null && shape.size.length != 2) {
      flaw = "its size has " + shape.size.length + " numbers, not 2";
    }
    if (flaw != null) {
      throw new CocoFlaw("is not usable: " + flaw);
    }
    int height = shape.size[0];
    int width = shape.size[1];
    return shape.counts != null
        ? RunLengths.of(width, height, shape.counts)
        : RunLengths.ofCompressed(width, height, shape.text);
  }

  @Override
  public void value(String key, JsonParser json) throws IOException, CocoFlaw {
    switch (key) {
      case "size" -> size = CocoJson.integers(json);
      case "counts" -> {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          text = CocoJson.text(json);
        } else {
          counts = CocoJson.integers(json);
        }
      }
      default -> {}
    }
  }
}
