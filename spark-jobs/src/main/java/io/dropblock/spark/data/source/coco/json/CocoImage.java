package io.dropblock.spark.data.source.coco.json;

import io.dropblock.spark.data.image.ImageSize;
import java.io.IOException;
import java.util.Set;

/**
 * An image as a COCO file has it; what was missing or malformed is null or 0.
 *
 * @param id that annotations and results name it by
 * @param fileName within the folder of its split
 * @param width pixels, or 0
 * @param height pixels, or 0
 * @param oddities of the entry
 * @param flaw what is wrong with the entry, or null
 */
public record CocoImage(
    CocoId id, String fileName, int width, int height, Set<CocoOddity> oddities, String flaw) {
  private static final int MAX_SIDE = 65_535;

  static CocoImage read(CocoJson json) throws IOException {
    Draft draft = new Draft(json);
    String flaw = json.object(draft);
    return new CocoImage(
        draft.id,
        draft.fileName,
        draft.width,
        draft.height,
        json.takeOddities(),
        flaw == null ? draft.missing() : flaw);
  }

  /** Whether both sides are known. */
  public boolean hasSize() {
    return width > 0 && height > 0;
  }

  /** The same with the size of its file. */
  public CocoImage with(ImageSize size) {
    return new CocoImage(id, fileName, size.width(), size.height(), oddities, flaw);
  }

  private static final class Draft implements CocoJson.Fields {
    private final CocoJson json;
    private CocoId id;
    private String fileName;
    private int width;
    private int height;

    private Draft(CocoJson json) {
      this.json = json;
    }

    @Override
    public void value(String key) throws IOException, CocoFlaw {
      switch (key) {
        case "id" -> id = CocoId.read(json);
        case "file_name" -> fileName = json.text();
        case "width" -> width = json.integer(1, MAX_SIDE);
        case "height" -> height = json.integer(1, MAX_SIDE);
        default -> {}
      }
    }

    private String missing() {
      if (id == null) {
        return "it has no id";
      }
      return fileName == null ? "it has no file_name" : null;
    }
  }
}
