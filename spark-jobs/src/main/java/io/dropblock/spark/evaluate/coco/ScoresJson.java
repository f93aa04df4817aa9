package io.dropblock.spark.evaluate.coco;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes the scores of results for programs: {@code {"AP": 0.357, ..., "ARl": 0.363, "categories":
 * {"person": 0.5, ...}, "images": 79, "detections": 511}}. A number that is undefined is -1, as
 * pycocotools has it.
 */
public final class ScoresJson {
  private ScoresJson() {}

  /**
   * Writes them, whole or not at all, in place of a file that is there.
   *
   * @param file its full address
   * @throws DataException where it cannot be written
   */
  public static void write(Path file, Configuration configuration, CocoResults results) {
    try {
      WholeFile.replace(HadoopPath.fileSystem(file, configuration), file, bytes(results));
    } catch (IOException e) {
      throw new DataException("Cannot write scores " + file + ": " + DataException.reason(e), e);
    }
  }

  private static byte[] bytes(CocoResults results) throws IOException {
    ObjectWriter writer = new ObjectMapper().writerWithDefaultPrettyPrinter();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = writer.createGenerator(bytes)) {
      json.writeStartObject();
      List<Score> details = results.scores().details();
      int others = details.size() - results.categories().size();
      for (Score score : results.scores().main()) {
        json.writeNumberField(score.name(), defined(score.value()));
      }
      for (Score score : details.subList(0, others)) {
        json.writeNumberField(score.name(), defined(score.value()));
      }
      json.writeObjectFieldStart("categories");
      for (int i = 0; i < results.categories().size(); i++) {
        json.writeNumberField(
            results.categories().get(i), defined(details.get(others + i).value()));
      }
      json.writeEndObject();
      json.writeNumberField("images", results.images());
      json.writeNumberField("detections", results.detections());
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static double defined(double value) {
    return Double.isNaN(value) ? -1 : value;
  }
}
