package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * An image as a COCO file has it; what was missing or malformed is null or 0.
 *
 * @param id number that annotations and results name it by
 * @param fileName within the folder of its split
 * @param width pixels
 * @param height pixels
 * @param flaw what is wrong with the entry, or null
 */
record CocoImage(Long id, String fileName, int width, int height, String flaw) {
  private static final int MAX_SIDE = 65_535;

  static CocoImage read(JsonParser json) throws IOException {
    Draft draft = new Draft();
    String flaw = CocoJson.object(json, draft);
    return new CocoImage(
        draft.id, draft.fileName, draft.width, draft.height, flaw == null ? draft.missing() : flaw);
  }

  private static final class Draft implements CocoJson.Fields {
    private Long id;
    private String fileName;
    private int width;
    private int height;

    @Override
    public void value(String key, JsonParser json) throws IOException, CocoFlaw {
      switch (key) {
        case "id" -> id = CocoJson.integer(json);
        case "file_name" -> fileName = CocoJson.text(json);
        case "width" -> width = CocoJson.integer(json, 1, MAX_SIDE);
        case "height" -> height = CocoJson.integer(json, 1, MAX_SIDE);
        default -> {}
      }
    }

    private String missing() {
      if (id == null) {
        return "it has no id";
      }
      if (fileName == null) {
        return "it has no file_name";
      }
      return width > 0 && height > 0 ? null : "it has no " + (width > 0 ? "height" : "width");
    }
  }
}
