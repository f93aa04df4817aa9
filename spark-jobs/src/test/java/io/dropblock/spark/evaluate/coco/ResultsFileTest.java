package io.dropblock.spark.evaluate.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
  private static final Configuration CONFIGURATION = new Configuration(false);

  @TempDir private Path temporary;

  private void write(String name, Map<Long, FoundObjects> found) {
    ResultsFile.write(
        new org.apache.hadoop.fs.Path(null, null, temporary.resolve(name).toString()),
        CONFIGURATION,
        found,
        List.of(1, 90));
  }

  private static FoundObjects objects(double x, float score, int... categories) {
    double[] boxes = new double[4 * categories.length];
    double[] scores = new double[categories.length];
    for (int i = 0; i < categories.length; i++) {
      boxes[4 * i] = x + i;
      boxes[4 * i + 3] = .1;
      scores[i] = score;
    }
    return new FoundObjects(boxes, scores, categories);
  }

  @Test
  void writesIdsOfTheSourceAndNumbersToTheBit() throws IOException {
    Map<Long, FoundObjects> found = new TreeMap<>();
    found.put(5_000_000_000L, objects(7, .7f, 1));
    found.put(3L, objects(1 / 3., .1f, 1, 0));
    found.put(4L, objects(0, 0));
    Files.writeString(temporary.resolve("results at 10:00.json"), "old");
    write("results at 10:00.json", found);
    JsonNode json =
        new ObjectMapper().readTree(temporary.resolve("results at 10:00.json").toFile());
    assertThat(json).hasSize(3);
    assertThat(json.get(0).toString())
        .isEqualTo(
            "{\"image_id\":3,\"category_id\":90,\"bbox\":[0.3333333333333333,0.0,0.0,0.1],"
                + "\"score\":0.10000000149011612}");
    assertThat(json.get(1).get("category_id").intValue()).isEqualTo(1);
    assertThat(json.get(1).get("bbox").get(0).doubleValue()).isEqualTo(1 + 1 / 3.);
    assertThat(json.get(2).get("image_id").longValue()).isEqualTo(5_000_000_000L);
    assertThat((float) json.get(2).get("score").doubleValue()).isEqualTo(.7f);
    try (var files = Files.list(temporary)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void writesNoDetectionAtAll() throws IOException {
    write("none.json", Map.of());
    assertThat(temporary.resolve("none.json")).hasContent("[]");
  }

  @Test
  void leavesNothingWhereItCannotBeWhole() throws IOException {
    Path old = Files.writeString(temporary.resolve("old.json"), "old");
    assertThatThrownBy(() -> write("old.json", Map.of(1L, objects(0, 0, 0, 2))))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(old).hasContent("old");
    try (var files = Files.list(temporary)) {
      assertThat(files).containsExactly(old);
    }
    assertThatThrownBy(() -> write("missing/r.json", Map.of()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot write results " + temporary.resolve("missing/r.json") + ": ");
  }
}
