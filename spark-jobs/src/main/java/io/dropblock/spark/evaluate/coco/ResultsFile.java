package io.dropblock.spark.evaluate.coco;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes results in COCO's format. */
public final class ResultsFile {
  private ResultsFile() {}

  /**
   * Writes them, whole or not at all, in place of a file that is there.
   *
   * @param file its full address
   * @param found what was found, by the ids of images, in order
   * @param categories ids by the index of a category
   * @throws DataException where it cannot be written
   */
  public static void write(
      Path file,
      Configuration configuration,
      Map<Long, FoundObjects> found,
      List<Integer> categories) {
    try {
      WholeFile.replace(
          HadoopPath.fileSystem(file, configuration), file, out -> write(out, found, categories));
    } catch (IOException e) {
      throw new DataException("Cannot write results " + file + ": " + DataException.reason(e), e);
    }
  }

  private static void write(
      OutputStream out, Map<Long, FoundObjects> found, List<Integer> categories)
      throws IOException {
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartArray();
      for (Map.Entry<Long, FoundObjects> image : found.entrySet()) {
        write(json, image.getKey(), image.getValue(), categories);
      }
      json.writeEndArray();
    }
  }

  /**
   * Writes those of an image, as elements of an array.
   *
   * @param image its id
   * @param found what was found in it, in order
   * @param categories ids by the index of a category
   */
  public static void write(
      JsonGenerator json, long image, FoundObjects found, List<Integer> categories)
      throws IOException {
    for (int i = 0; i < found.size(); i++) {
      json.writeStartObject();
      json.writeNumberField("image_id", image);
      json.writeNumberField("category_id", categories.get(found.categories()[i]));
      json.writeFieldName("bbox");
      json.writeArray(found.boxes(), 4 * i, 4);
      json.writeNumberField("score", found.scores()[i]);
      json.writeEndObject();
    }
  }
}
