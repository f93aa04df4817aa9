package io.dropblock.spark.preflight.finding;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Findings for programs: {@code {"faults": 1, "checks": [{"check": "clocks", "verdict": "fault",
 * "seen": "...", "next": "..."}]}}. A verdict is {@code ok}, {@code warning}, {@code fault} or
 * {@code not checked}.
 */
public final class FindingsJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FindingsJson() {}

  /**
   * Writes them, whole or not at all, in place of a file that is there.
   *
   * @param file its full address
   * @throws DataException where it cannot be written
   */
  public static void write(Path file, Configuration configuration, List<Finding> findings) {
    try {
      byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(of(findings));
      WholeFile.replace(HadoopPath.fileSystem(file, configuration), file, bytes);
    } catch (IOException e) {
      throw new DataException("Cannot write --json " + file + ": " + DataException.reason(e), e);
    }
  }

  static ObjectNode of(List<Finding> findings) {
    ObjectNode json = JSON.createObjectNode();
    json.put(
        "faults", findings.stream().filter(finding -> finding.verdict() == Verdict.FAULT).count());
    ArrayNode checks = json.putArray("checks");
    for (Finding finding : findings) {
      checks
          .addObject()
          .put("check", finding.check())
          .put("verdict", finding.verdict().word())
          .put("seen", finding.seen())
          .put("next", finding.next());
    }
    return json;
  }
}
