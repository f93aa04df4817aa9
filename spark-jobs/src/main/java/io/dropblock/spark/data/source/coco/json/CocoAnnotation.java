package io.dropblock.spark.data.source.coco.json;

import com.fasterxml.jackson.core.JsonToken;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.Shape;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * An annotation as a COCO file has it; what was missing or malformed is null or false.
 *
 * @param id of the annotation
 * @param imageId that of its image
 * @param category that of its class
 * @param bbox left, upper, width and height, pixels; any finite numbers
 * @param area square pixels, 0 or more
 * @param crowd whether it stands for many
 * @param shape its pixels, or null where there are none
 * @param oddities of the entry
 * @param flaw what is wrong with the entry, or null
 */
public record CocoAnnotation(
    CocoId id,
    CocoId imageId,
    CocoId category,
    double[] bbox,
    Double area,
    boolean crowd,
    Shape shape,
    Set<CocoOddity> oddities,
    String flaw) {
  /** Farther from an image than any slip of a hand; pixels. */
  static final double MAX_COORDINATE = 1e6;

  private static final double MAX_AREA = 1e12;

  static CocoAnnotation read(CocoJson json) throws IOException {
    Draft draft = new Draft(json);
    String flaw = json.object(draft);
    flaw = flaw == null ? draft.complete() : flaw;
    return new CocoAnnotation(
        draft.id,
        draft.imageId,
        draft.category,
        draft.bbox,
        draft.area,
        draft.crowd != null && draft.crowd,
        draft.shape,
        json.takeOddities(),
        flaw);
  }

  private static final class Draft implements CocoJson.Fields {
    private final CocoJson json;
    private CocoId id;
    private CocoId imageId;
    private CocoId category;
    private double[] bbox;
    private Double area;
    private Boolean crowd;
    private Shape shape;

    private Draft(CocoJson json) {
      this.json = json;
    }

    @Override
    public void value(String key) throws IOException, CocoFlaw {
      switch (key) {
        case "id" -> id = CocoId.read(json);
        case "image_id" -> imageId = CocoId.read(json);
        case "category_id" -> category = CocoId.read(json);
        case "bbox" -> bbox = box();
        case "area" -> area = json.number(0, MAX_AREA);
        case "iscrowd" -> crowd = json.flag();
        case "segmentation" -> shape = CocoShape.read(json);
        default -> {}
      }
    }

    /** Four numbers; null where there are none at all. */
    private double[] box() throws IOException, CocoFlaw {
      json.requireArray();
      double[] box = new double[4];
      for (int i = 0; i < box.length; i++) {
        if (json.next() == JsonToken.END_ARRAY) {
          if (i == 0) {
            return null;
          }
          throw new CocoFlaw(String.format(Locale.ROOT, "has %d numbers, not 4", i));
        }
        box[i] = json.number(-MAX_COORDINATE, MAX_COORDINATE);
      }
      if (json.next() != JsonToken.END_ARRAY) {
        throw new CocoFlaw("has more than 4 numbers");
      }
      return box;
    }

    /** Adds what the rest tells; the flaw where that is not enough. */
    private String complete() {
      if (imageId == null || category == null) {
        return "it has no " + (imageId == null ? "image_id" : "category_id");
      }
      if (bbox == null && shape instanceof Polygons polygons) {
        bbox = CocoBox.around(polygons);
        json.add(CocoOddity.NO_BOX);
      }
      if (bbox == null) {
        return "it has no bbox";
      }
      if (area == null) {
        json.add(CocoOddity.NO_AREA);
      }
      if (crowd == null) {
        json.add(CocoOddity.NO_CROWD);
      }
      return null;
    }
  }
}
