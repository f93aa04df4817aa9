package io.dropblock.spark.data.source.coco.json;

import com.fasterxml.jackson.core.JsonToken;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.annotation.Shape;
import java.io.IOException;
import java.util.Locale;

/** The {@code segmentation} of an annotation: polygons, or run lengths in either form. */
final class CocoShape implements CocoJson.Fields {
  private final CocoJson json;
  private int[] size;
  private int[] counts;
  private String text;

  private CocoShape(CocoJson json) {
    this.json = json;
  }

  /** Reads a shape; null where it is empty. */
  static Shape read(CocoJson json) throws IOException, CocoFlaw {
    try {
      return json.token() == JsonToken.START_OBJECT ? runs(json) : CocoPolygons.read(json);
    } catch (IllegalArgumentException e) {
      throw new CocoFlaw("is not usable: " + e.getMessage());
    }
  }

  private static Shape runs(CocoJson json) throws IOException, CocoFlaw {
    CocoShape shape = new CocoShape(json);
    String flaw = json.object(shape);
    if (flaw == null && shape.size == null && shape.counts == null && shape.text == null) {
      return null;
    }
    if (flaw == null && shape.size == null) {
      flaw = "it has no size";
    }
    if (flaw == null && shape.counts == null && shape.text == null) {
      flaw = "it has no counts";
    }
    if (flaw == null && shape.size.length != 2) {
      flaw = String.format(Locale.ROOT, "its size has %d numbers, not 2", shape.size.length);
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
  public void value(String key) throws IOException, CocoFlaw {
    switch (key) {
      case "size" -> size = json.integers();
      case "counts" -> {
        if (json.token() == JsonToken.VALUE_STRING) {
          text = json.text();
        } else {
          counts = json.integers();
        }
      }
      default -> {}
    }
  }
}
