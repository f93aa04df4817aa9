package io.dropblock.spark.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What was measured, for programs: {@code {"what": "demo after 8 epochs", "images": 480, "main":
 * {"top-1": 0.9}, "details": {"accuracy circle": 0.95}, "notes": []}}. A score that is undefined is
 * null.
 */
public final class MeasuredJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MeasuredJson() {}

  /**
   * Writes it, whole or not at all, in place of a file that is there.
   *
   * @param file its full address
   * @param what was measured, for people
   * @throws DataException where it cannot be written
   */
  public static void write(
      Path file, Configuration configuration, String what, Evaluation.Result result) {
    ObjectNode json = of(what, result.scores(), result.images());
    try {
      byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
      WholeFile.replace(HadoopPath.fileSystem(file, configuration), file, bytes);
    } catch (IOException e) {
      throw new DataException("Cannot write scores " + file + ": " + DataException.reason(e), e);
    }
  }

  /** The same, not yet written. */
  public static ObjectNode of(String what, Scores scores, long images) {
    ObjectNode json = JSON.createObjectNode();
    json.put("what", what).put("images", images);
    json.set("main", scores(scores.main()));
    json.set("details", scores(scores.details()));
    json.set("notes", JSON.valueToTree(scores.notes()));
    return json;
  }

  /** Values by name; null for one that is undefined. */
  public static ObjectNode scores(List<Score> scores) {
    ObjectNode json = JSON.createObjectNode();
    for (Score score : scores) {
      if (Double.isFinite(score.value())) {
        json.put(score.name(), score.value());
      } else {
        json.putNull(score.name());
      }
    }
    return json;
  }
}
