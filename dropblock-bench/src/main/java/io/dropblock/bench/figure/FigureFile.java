package io.dropblock.bench.figure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of figures, for programs: JSON, that begins with the name of the measurement. */
public final class FigureFile {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private FigureFile() {}

  /**
   * What such a file holds, so far its first line.
   *
   * @param what was measured, as the command calls it
   */
  public static ObjectNode of(String what) {
    return MAPPER.createObjectNode().put("benchmark", what);
  }

  /** Writes it, over what was there. */
  public static void write(ObjectNode figures, Path file) throws IOException {
    Files.writeString(file, MAPPER.writeValueAsString(figures) + "\n");
  }
}
