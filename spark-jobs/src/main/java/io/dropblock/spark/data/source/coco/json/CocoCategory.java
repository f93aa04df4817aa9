package io.dropblock.spark.data.source.coco.json;

import java.io.IOException;

/**
 * A class as a COCO file has it.
 *
 * @param id that annotations and results name it by
 * @param name of the class
 * @param group the {@code supercategory}, or null
 */
public record CocoCategory(CocoId id, String name, String group) {
  static CocoCategory read(CocoJson json) throws IOException, CocoFlaw {
    CocoId[] id = new CocoId[1];
    String[] names = new String[2];
    String flaw =
        json.object(
            key -> {
              switch (key) {
                case "id" -> id[0] = CocoId.read(json);
                case "name" -> names[0] = json.text();
                case "supercategory" -> names[1] = json.optionalText();
                default -> {}
              }
            });
    if (flaw != null) {
      throw new CocoFlaw(flaw);
    }
    if (id[0] == null || names[0] == null) {
      throw new CocoFlaw("it has no " + (id[0] == null ? "id" : "name"));
    }
    json.takeOddities();
    return new CocoCategory(id[0], names[0], names[1]);
  }
}
