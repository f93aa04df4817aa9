package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small set for detection that needs no download, in the layout of COCO 2017: images of several
 * sizes with one to four shapes side by side, dark ones on bright grounds and bright ones on dark,
 * of any hue, size, place and turn, with noise. A box ends where its shape's pixels do, and an area
 * is their number; of a pixel its middle counts. Numbers of images, objects and categories begin at
 * 1, and no two images have the same, nor two objects, of either split.
 */
public final class DrawnObjects {
  /** Longest side of the images, pixels. */
  public static final int MAX_SIDE = DrawnScene.MAX_SIDE;

  private final SplittableRandom random;
  private int images;
  private int objects;

  /** An image of the set. */
  private record Drawn(int id, String file, int width, int height) {}

  /** The pixels of a shape in an image. */
  private record Extent(int id, int image, int shape, int x0, int y0, int x1, int y1, int pixels) {
    /**
     * @param map of the image
     * @param number of the shape in it
     */
    static Extent of(int id, int image, int shape, int[] map, int width, int number) {
      int x0 = width;
      int y0 = map.length;
      int x1 = 0;
      int y1 = 0;
      int pixels = 0;
      for (int i = 0; i < map.length; i++) {
        if (map[i] == number) {
          x0 = Math.min(x0, i % width);
          y0 = Math.min(y0, i / width);
          x1 = Math.max(x1, i % width + 1);
          y1 = Math.max(y1, i / width + 1);
          pixels++;
        }
      }
      return new Extent(id, image, shape, x0, y0, x1, y1, pixels);
    }

    int[] box() {
      return new int[] {x0, y0, x1 - x0, y1 - y0};
    }
  }

  /**
   * @param seed equal seeds draw equal sets
   */
  public DrawnObjects(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Names of the classes by label; the category of a label has the next higher number. */
  public static List<String> classes() {
    return DrawnScene.SHAPES.stream().map(DrawnShape::word).toList();
  }

  /**
   * Draws {@code train2017/*.jpg} and {@code val2017/*.jpg}, and says what they show in {@code
   * annotations/instances_train2017.json} and {@code annotations/instances_val2017.json}.
   *
   * @param train images to train on
   * @param val images to validate on
   */
  public void write(FileSystem files, Path folder, int train, int val) throws IOException {
    try (DrawnFiles drawn = DrawnFiles.in(files, folder)) {
      write(drawn, "train2017", train);
      write(drawn, "val2017", val);
    }
  }

  private void write(DrawnFiles folder, String split, int count) throws IOException {
    List<Drawn> drawn = new ArrayList<>();
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DrawnScene scene = new DrawnScene(random);
      int id = ++images;
      String file = String.format(Locale.ROOT, "%012d.jpg", id);
      folder.write(split + "/" + file, scene.jpeg());
      drawn.add(new Drawn(id, file, scene.width(), scene.height()));
      int[] map = scene.map(place -> place + 1);
      for (int place = 0; place < scene.shapes().size(); place++) {
        int shape = scene.shapes().get(place).shape();
        extents.add(Extent.of(++objects, id, shape, map, scene.width(), place + 1));
      }
    }
    folder.write("annotations/instances_" + split + ".json", json(drawn, extents));
  }

  private static byte[] json(List<Drawn> images, List<Extent> extents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("images");
      for (Drawn image : images) {
        json.writeStartObject();
        json.writeNumberField("id", image.id());
        json.writeStringField("file_name", image.file());
        json.writeNumberField("width", image.width());
        json.writeNumberField("height", image.height());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("annotations");
      for (Extent extent : extents) {
        write(json, extent);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("categories");
      for (int label = 0; label < classes().size(); label++) {
        json.writeStartObject();
        json.writeNumberField("id", label + 1);
        json.writeStringField("name", classes().get(label));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Extent extent) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", extent.id());
    json.writeNumberField("image_id", extent.image());
    json.writeNumberField("category_id", extent.shape() + 1);
    json.writeFieldName("bbox");
    json.writeArray(extent.box(), 0, 4);
    json.writeNumberField("area", extent.pixels());
    json.writeNumberField("iscrowd", 0);
    json.writeEndObject();
  }
}
