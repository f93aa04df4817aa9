package io.dropblock.spark.data.source.coco.json;

import com.fasterxml.jackson.core.JsonToken;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Polygons as a COCO file has them: a list of rings {@code [x0, y0, x1, y1, ...]}. Also one ring
 * alone, rings of corners {@code [[x0, y0], [x1, y1], ...]}, and lists of all these.
 */
final class CocoPolygons {
  private static final int MAX_DEPTH = 4;
  private static final int MIN_NUMBERS = 6;

  private final CocoJson json;
  private final List<float[]> rings = new ArrayList<>();

  private CocoPolygons(CocoJson json) {
    this.json = json;
  }

  /** Reads polygons; null where there is no ring of 3 corners. */
  static Shape read(CocoJson json) throws IOException, CocoFlaw {
    json.requireArray();
    CocoPolygons polygons = new CocoPolygons(json);
    polygons.list(1);
    return polygons.rings.isEmpty() ? null : new Polygons(polygons.rings.toArray(float[][]::new));
  }

  /** Reads the array that has begun; returns it where it is one corner, which is no ring yet. */
  private float[] list(int depth) throws IOException, CocoFlaw {
    if (depth > MAX_DEPTH) {
      throw new CocoFlaw("is nested deeper than " + MAX_DEPTH);
    }
    JsonToken first = json.next();
    if (first == JsonToken.END_ARRAY) {
      return null;
    }
    if (first != JsonToken.START_ARRAY) {
      return ring(numbers(), depth);
    }
    List<float[]> corners = new ArrayList<>();
    do {
      json.requireArray();
      float[] corner = list(depth + 1);
      if (corner != null) {
        corners.add(corner);
      }
    } while (json.next() != JsonToken.END_ARRAY);
    if (!corners.isEmpty()) {
      add(joined(corners), false);
    }
    return null;
  }

  /** Reads the array whose first element has begun. */
  private float[] numbers() throws IOException, CocoFlaw {
    float[] numbers = new float[16];
    int size = 0;
    do {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] =
          (float) json.number(-CocoAnnotation.MAX_COORDINATE, CocoAnnotation.MAX_COORDINATE);
    } while (json.next() != JsonToken.END_ARRAY);
    return Arrays.copyOf(numbers, size);
  }

  private float[] ring(float[] numbers, int depth) {
    if (numbers.length == 2 && depth > 1) {
      return numbers;
    }
    add(numbers, depth == 2);
    return null;
  }

  private void add(float[] ring, boolean asDocumented) {
    if (ring.length < MIN_NUMBERS) {
      json.add(CocoOddity.FEW_CORNERS);
      return;
    }
    if (!asDocumented) {
      json.add(CocoOddity.POLYGON_FORM);
    }
    rings.add(ring);
  }

  private static float[] joined(List<float[]> corners) {
    float[] ring = new float[2 * corners.size()];
    for (int i = 0; i < corners.size(); i++) {
      System.arraycopy(corners.get(i), 0, ring, 2 * i, 2);
    }
    return ring;
  }
}
