package io.dropblock.spark.data.source.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * A small data set in the layout of COCO 2017 whose every key a test may change: images of 40 x 30
 * pixels, three of train and one of val, and the categories 1, 3 and 90.
 */
public final class TestCoco {
  /** What the train file says of images 10, 11 and 12. */
  public final List<Map<String, Object>> images = new ArrayList<>();

  /** Annotations of the train file: 100 of image 10, 101 and the crowd 102 of image 11. */
  public final List<Map<String, Object>> annotations = new ArrayList<>();

  /** Categories of both files, not in order. */
  public final List<Map<String, Object>> categories = new ArrayList<>();

  private final Path root;

  /** Writes the images of a whole set below a folder. */
  public TestCoco(Path root) throws IOException {
    this.root = root;
    for (int id = 10; id < 14; id++) {
      Path folder = Files.createDirectories(root.resolve(id < 13 ? "train2017" : "val2017"));
      Files.write(folder.resolve(id + ".jpg"), TestImages.jpeg(40, 30, id));
      if (id < 13) {
        images.add(image(id));
      }
    }
    annotations.add(annotation(100, 10, 90, 1, 2, 10.5, 20));
    annotations.add(annotation(101, 11, 1, 0, 0, 40, 30));
    annotations.add(annotation(102, 11, 3, 5, 5, 5, 5));
    annotations.get(0).put("segmentation", List.of(List.of(1, 2, 11.5, 2, 11.5, 22, 1, 22)));
    annotations.get(2).put("iscrowd", 1);
    annotations.get(2).put("segmentation", runs(40, 30, List.of(155, 5, 1040)));
    categories.add(category(90, "toothbrush"));
    categories.add(category(1, "person"));
    categories.add(category(3, "car"));
  }

  static Map<String, Object> runs(int width, int height, Object counts) {
    return new LinkedHashMap<>(Map.of("size", List.of(height, width), "counts", counts));
  }

  /** One of 40 x 30 pixels, whose file is called by its id. */
  public static Map<String, Object> image(long id) {
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("license", 4);
    image.put("file_name", id + ".jpg");
    image.put("height", 30);
    image.put("width", 40);
    image.put("id", id);
    return image;
  }

  static Map<String, Object> annotation(
      long id, long image, int category, double x, double y, double width, double height) {
    Map<String, Object> annotation = new LinkedHashMap<>();
    annotation.put("segmentation", List.of());
    annotation.put("area", width * height);
    annotation.put("iscrowd", 0);
    annotation.put("image_id", image);
    annotation.put("bbox", new ArrayList<>(List.of(x, y, width, height)));
    annotation.put("category_id", category);
    annotation.put("id", id);
    return annotation;
  }

  static Map<String, Object> category(int id, String name) {
    return new LinkedHashMap<>(Map.of("supercategory", "thing", "id", id, "name", name));
  }

  /** Writes both files. */
  public TestCoco write() throws IOException {
    write("train", images, annotations, categories);
    write(
        "val",
        List.of(image(13)),
        List.of(annotation(200, 13, 3, 3, 4, 5, 6)),
        List.of(category(1, "person"), category(3, "car"), category(90, "toothbrush")));
    return this;
  }

  /** Writes the file of {@code train} or {@code val} alone. */
  public void write(String split, Object images, Object annotations, Object categories)
      throws IOException {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("info", Map.of("year", 2017, "images", List.of(1)));
    file.put("images", images);
    file.put("annotations", annotations);
    file.put("categories", categories);
    Files.createDirectories(root.resolve("annotations"));
    Files.write(file(split), new ObjectMapper().writeValueAsBytes(file));
  }

  /** The file of {@code train} or {@code val}. */
  public Path file(String split) {
    return root.resolve("annotations/instances_" + split + "2017.json");
  }

  ImageListing list() {
    return Coco.list(new org.apache.hadoop.fs.Path(root.toString()), new Configuration());
  }

  /** The one thing that is left out of the train file. */
  void assertLeavesOut(String entry, String reason) throws IOException {
    write();
    assertThat(list().leftOut())
        .containsExactly(new LeftOut("annotations/instances_train2017.json, " + entry, reason));
  }

  void assertRefuses(String reason) throws IOException {
    write();
    assertRefused(reason);
  }

  /** The train file as it lies there. */
  void assertRefused(String reason) {
    assertThatThrownBy(this::list)
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read " + file("train") + ": " + reason);
  }
}
