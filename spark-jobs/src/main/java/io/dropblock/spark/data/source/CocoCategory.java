package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * A class as a COCO file has it.
 *
 * @param id number that annotations and results name it by
 * @param name of the class
 */
record CocoCategory(int id, String name) {
  // Detection networks have an output for each number.
  private static final int MAX_ID = 9999;

  static CocoCategory read(JsonParser json) throws IOException, CocoFlaw {
    Integer[] id = new Integer[1];
    String[] name = new String[1];
    String flaw =
        CocoJson.object(
            json,
            (key, value) -> {
              switch (key) {
                case "id" -> id[0] = CocoJson.integer(value, 1, MAX_ID);
                case "name" -> name[0] = CocoJson.text(value);
                default -> {}
              }
            });
    if (flaw != null) {
      throw new CocoFlaw(flaw);
    }
    if (id[0] == null || name[0] == null) {
      throw new CocoFlaw("it has no " + (id[0] == null ? "id" : "name"));
    }
    return new CocoCategory(id[0], name[0]);
  }
}
