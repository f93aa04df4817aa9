package io.dropblock.spark.evaluate.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.metric.Scores.Score;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against pycocotools 2.0.11. */
class CocoResultsTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("dropblock.test.data", "absent"), "coco-mini");

  private static CocoResults score(Path results, Path annotations) {
    return CocoResults.score(path(results), path(annotations), new Configuration(false));
  }

  private static org.apache.hadoop.fs.Path path(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }

  private static void assertEquals(JsonNode expected, CocoResults results) {
    for (Score score : twelve(results)) {
      assertThat(defined(score.value()))
          .as(score.name())
          .isCloseTo(expected.required(score.name()).asDouble(), within(1e-12));
    }
  }

  private static List<Score> twelve(CocoResults results) {
    List<Score> all = new ArrayList<>(results.scores().main());
    List<Score> details = results.scores().details();
    all.addAll(details.subList(0, details.size() - results.categories().size()));
    assertThat(all).hasSize(12);
    return all;
  }

  private static double defined(double value) {
    return Double.isNaN(value) ? -1 : value;
  }

  @ParameterizedTest
  @CsvSource({"noisy, 685", "sparse, 452", "crowded, 12037"})
  void realAnnotations(String name, long detections) throws IOException {
    Path folder = SAMPLE.resolve("reference-detections");
    Assumptions.assumeTrue(
        Files.exists(folder),
        "no COCO sample at " + SAMPLE + " (system property dropblock.test.data)");
    JsonNode expected =
        new ObjectMapper().readTree(folder.resolve("val2017_expected.json").toFile());
    CocoResults results =
        score(
            folder.resolve("val2017_" + name + ".json"),
            SAMPLE.resolve("annotations/instances_val2017.json"));
    assertEquals(expected.required(name), results);
    assertThat(results.images()).isEqualTo(79);
    assertThat(results.detections()).isEqualTo(detections);
    assertThat(results.categories()).hasSize(80).startsWith("person", "bicycle");
  }

  /**
   * 14 images, of which 4 have no object and some no detection, their ids not in order; 46 objects
   * of 5 of 6 categories, 21 of them crowds, 20 with an area of exactly 1024 or 9216; 211
   * detections with 14 different scores, 106 of one category in one image, some of size 0. Made by
   * Python's {@code random}, expected by
   *
   * <pre>
   * gt = COCO("hard-annotations.json")
   * e = COCOeval(gt, gt.loadRes("hard-results.json"), "bbox")
   * e.evaluate(); e.accumulate(); e.summarize()
   * dict(zip("AP AP50 AP75 APs APm APl AR1 AR10 AR100 ARs ARm ARl".split(), e.stats))
   * p = e.eval["precision"][:, :, k, 0, 2]; p[p &gt; -1].mean()  # of category k, -1 where empty
   * </pre>
   */
  @Test
  void hardAnnotations() throws IOException, URISyntaxException {
    JsonNode expected = new ObjectMapper().readTree(resource("hard-expected.json").toFile());
    CocoResults results = score(resource("hard-results.json"), resource("hard-annotations.json"));
    assertEquals(expected, results);
    List<Score> details = results.scores().details();
    assertThat(details).hasSize(9 + 6);
    for (Score score : details.subList(9, details.size())) {
      String category = score.name().substring("AP ".length());
      assertThat(defined(score.value()))
          .as(score.name())
          .isCloseTo(expected.required("categories").required(category).asDouble(), within(1e-12));
    }
    assertThat(results.scores().notes())
        .containsExactly("not in the means, since no object is of it: c56");
  }

  private static Path resource(String name) throws URISyntaxException {
    URL url = CocoResultsTest.class.getResource(name);
    assertThat(url).as(name).isNotNull();
    return Path.of(url.toURI());
  }
}
