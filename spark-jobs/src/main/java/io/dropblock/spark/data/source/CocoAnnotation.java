package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonParser;
import io.dropblock.spark.data.annotation.Shape;
import java.io.IOException;

/**
 * An annotation as a COCO file has it; what was missing or malformed is null or 0.
 *
 * @param id number of the annotation
 * @param imageId number of its image
 * @param category number of its class
 * @param bbox left, upper, width and height, pixels; any finite numbers
 * @param area square pixels, 0 or more
 * @param crowd whether it stands for many
 * @param shape its pixels, or null where there are none
 * @param flaw what is wrong with the entry, or null
 */
record CocoAnnotation(
    Long id,
    Long imageId,
    Integer category,
    double[] bbox,
    double area,
    boolean crowd,
    Shape shape,
    String flaw) {
  /** Farther from an image than any slip of a hand; pixels. */
  static final double MAX_COORDINATE = 1e6;

  private static final double MAX_AREA = 1e12;

  static CocoAnnotation read(JsonParser json) throws IOException {
    Draft draft = new Draft();
    String flaw = CocoJson.object(json, draft);
    return new CocoAnnotation(
        draft.id,
        draft.imageId,
        draft.category,
        draft.bbox,
        draft.area == null ? 0 : draft.area,
        draft.crowd != null && draft.crowd == 1,
        draft.shape,
        flaw == null ? draft.missing() : flaw);
  }

  private static final class Draft implements CocoJson.Fields {
    private Long id;
    private Long imageId;
    private Integer category;
    private double[] bbox;
    private Double area;
    private Integer crowd;
    private Shape shape;

    @Override
    public void value(String key, JsonParser json) throws IOException, CocoFlaw {
      switch (key) {
        case "id" -> id = CocoJson.integer(json);
        case "image_id" -> imageId = CocoJson.integer(json);
        case "category_id" ->
            category = CocoJson.integer(json, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "bbox" -> bbox = box(json);
        case "area" -> area = CocoJson.number(json, 0, MAX_AREA);
        case "iscrowd" -> crowd = CocoJson.integer(json, 0, 1);
        case "segmentation" -> shape = CocoShape.read(json);
        default -> {}
      }
    }

    private static double[] box(JsonParser json) throws IOException, CocoFlaw {
      CocoJson.requireArray(json);
      double[] box = new double[4];
      for (int i = 0; i < box.length; i++) {
        if (json.nextToken().isStructEnd()) {
          throw new CocoFlaw("has " + i + " numbers, not 4");
        }
        box[i] = CocoJson.number(json, -MAX_COORDINATE, MAX_COORDINATE);
      }
      if (!json.nextToken().isStructEnd()) {
        throw new CocoFlaw("has more than 4 numbers");
      }
      return box;
    }

    private String missing() {
      if (id == null || imageId == null || category == null) {
        return "it has no " + (id == null ? "id" : imageId == null ? "image_id" : "category_id");
      }
      if (bbox == null || area == null || crowd == null) {
        return "it has no " + (bbox == null ? "bbox" : area == null ? "area" : "iscrowd");
      }
      return null;
    }
  }
}
