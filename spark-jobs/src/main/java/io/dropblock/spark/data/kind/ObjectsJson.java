package io.dropblock.spark.data.kind;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.annotation.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects of an image as JSON, with the keys that COCO has for them; but {@code label} is an
 * index of the data set's classes:
 *
 * <pre>{"image_id": 7, "objects": [{"id": 1, "label": 0, "bbox": [x, y, width, height],
 *   "area": 12.5, "iscrowd": 0, "segmentation": [[x0, y0, ...], ...]}]}</pre>
 *
 * <p>{@code segmentation} is an object with {@code size} (height, width) and {@code counts} where
 * the shape has run lengths, and missing where there is none.
 */
final class ObjectsJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectReader TREE =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private ObjectsJson() {}

  static byte[] encode(ObjectSet set) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("image_id", set.imageId());
      json.writeArrayFieldStart("objects");
      for (ImageObject object : set.objects()) {
        json.writeStartObject();
        json.writeNumberField("id", object.id());
        json.writeNumberField("label", object.label());
        Box box = object.box();
        json.writeFieldName("bbox");
        json.writeArray(new double[] {box.x(), box.y(), box.width(), box.height()}, 0, 4);
        json.writeNumberField("area", object.area());
        json.writeNumberField("iscrowd", object.crowd() ? 1 : 0);
        if (object.shape() != null) {
          json.writeFieldName("segmentation");
          write(json, object.shape());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Shape shape) throws IOException {
    if (shape instanceof Polygons polygons) {
      json.writeStartArray();
      for (float[] ring : polygons.rings()) {
        json.writeStartArray();
        for (float coordinate : ring) {
          json.writeNumber(coordinate);
        }
        json.writeEndArray();
      }
      json.writeEndArray();
    } else if (shape instanceof RunLengths runs) {
      json.writeStartObject();
      json.writeFieldName("size");
      json.writeArray(new int[] {runs.height(), runs.width()}, 0, 2);
      json.writeFieldName("counts");
      int[] counts = runs.counts().stream().mapToInt(Integer::intValue).toArray();
      json.writeArray(counts, 0, counts.length);
      json.writeEndObject();
    }
  }

  /**
   * Reads what {@link #encode} wrote; anything may stand there.
   *
   * @throws IOException with the place where it is something else
   */
  static ObjectSet decode(byte[] bytes) throws IOException {
    try {
      JsonNode root = TREE.readValue(bytes);
      List<ImageObject> objects = new ArrayList<>();
      for (JsonNode object : array(root, "objects")) {
        objects.add(object(object));
      }
      return new ObjectSet(integer(root, "image_id"), objects);
    } catch (IllegalArgumentException e) {
      throw new IOException("objects: " + e.getMessage(), e);
    }
  }

  private static ImageObject object(JsonNode object) {
    double[] box = numbers(array(object, "bbox"));
    if (box.length != 4) {
      throw new IllegalArgumentException("bbox has " + box.length + " numbers");
    }
    return new ImageObject(
        integer(object, "id"),
        small(object.path("label"), "label"),
        new Box(box[0], box[1], box[2], box[3]),
        number(object.path("area"), "area"),
        integer(object, "iscrowd") != 0,
        object.has("segmentation") ? shape(object.get("segmentation")) : null);
  }

  private static Shape shape(JsonNode node) {
    if (node.isArray()) {
      float[][] rings = new float[node.size()][];
      for (int ring = 0; ring < rings.length; ring++) {
        double[] corners = numbers(node.get(ring));
        rings[ring] = new float[corners.length];
        for (int i = 0; i < corners.length; i++) {
          rings[ring][i] = (float) corners[i];
        }
      }
      return new Polygons(rings);
    }
    JsonNode size = array(node, "size");
    List<Integer> counts = new ArrayList<>();
    for (JsonNode count : array(node, "counts")) {
      counts.add(small(count, "a count"));
    }
    return new RunLengths(small(size.path(1), "width"), small(size.path(0), "height"), counts);
  }

  private static JsonNode array(JsonNode parent, String key) {
    JsonNode node = parent.path(key);
    if (!node.isArray()) {
      throw new IllegalArgumentException(key + " is not an array");
    }
    return node;
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(array.get(i), "an element");
    }
    return numbers;
  }

  private static double number(JsonNode node, String what) {
    if (!node.isNumber()) {
      throw new IllegalArgumentException(what + " is not a number");
    }
    return node.doubleValue();
  }

  private static int small(JsonNode node, String what) {
    if (!node.isInt()) {
      throw new IllegalArgumentException(what + " is not a whole number of 32 bits");
    }
    return node.intValue();
  }

  private static long integer(JsonNode parent, String key) {
    JsonNode node = parent.path(key);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new IllegalArgumentException(key + " is not a whole number");
    }
    return node.longValue();
  }
}
