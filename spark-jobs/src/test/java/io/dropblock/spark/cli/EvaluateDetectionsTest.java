package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A results file as a user has it scored, with a master that there is none of: Spark is not. */
@ExtendWith(SparkInThisJvm.class)
class EvaluateDetectionsTest {
  private static final String TRUTH =
      """
      {"images": [{"id": 139}, {"id": 7}],
       "categories": [{"id": 3, "name": "car"}, {"id": 1, "name": "person"}, {"id": 9, "name": "cat"}],
       "annotations": [
         {"id": 1, "image_id": 139, "category_id": 1, "bbox": [0, 0, 40, 40], "area": 1600, "iscrowd": 0},
         {"id": 2, "image_id": 7, "category_id": 3, "bbox": [5, 5, 10, 10], "area": 80, "iscrowd": 0},
         {"id": 3, "image_id": 7, "category_id": 3, "bbox": [50, 5, 90, 90], "area": 99, "iscrowd": 1}]}
      """;

  @TempDir private Path temporary;

  @BeforeEach
  void thereIsNoCluster() {
    System.setProperty("spark.master", "nowhere");
  }

  @AfterEach
  void settingsAreAsBefore() {
    System.setProperty("spark.master", "local[2]");
  }

  private static String detection(int image, int category, String box, String score) {
    return "{\"image_id\": "
        + image
        + ", \"category_id\": "
        + category
        + ", \"bbox\": ["
        + box
        + "], \"score\": "
        + score
        + "}";
  }

  private static final String RIGHT = detection(139, 1, "0, 0, 40, 40", "0.9");

  private String write(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  private Answer score(String results, String... more) throws IOException {
    return scoreAgainst(TRUTH, results, more);
  }

  private Answer scoreAgainst(String truth, String results, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--detections",
                write("results at 10:00.json", results),
                "--annotations",
                write("truth.json", truth)));
    arguments.addAll(Arrays.asList(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private String results() {
    return temporary.resolve("results at 10:00.json").toString();
  }

  private String truth() {
    return temporary.resolve("truth.json").toString();
  }

  @Test
  void scoresWithoutSparkOrANetwork() throws IOException {
    Path json = Files.writeString(temporary.resolve("scores.json"), "old");
    Answer answer =
        score(
            "[" + RIGHT + "," + detection(7, 3, "5, 5, 10, 5", "0.8") + "]",
            "--json",
            json.toString());
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    assertThat(answer.out().lines())
        .containsExactly(
            results() + ", 2 detections: AP 55.00 %, AP50 100.00 %, AP75 50.00 %, 2 images",
            "  APs                          10.00 %",
            "  APm                          100.00 %",
            "  APl                          NaN %",
            "  AR1                          55.00 %",
            "  AR10                         55.00 %",
            "  AR100                        55.00 %",
            "  ARs                          10.00 %",
            "  ARm                          100.00 %",
            "  ARl                          NaN %",
            "  AP person                    100.00 %",
            "  AP car                       10.00 %",
            "  AP cat                       NaN %",
            "not in the means, since no object is of it: cat",
            "no large object to find: APl and ARl are undefined");
    JsonNode written = new ObjectMapper().readTree(json.toFile());
    assertThat(written.fieldNames())
        .toIterable()
        .containsExactly(
            "AP",
            "AP50",
            "AP75",
            "APs",
            "APm",
            "APl",
            "AR1",
            "AR10",
            "AR100",
            "ARs",
            "ARm",
            "ARl",
            "categories",
            "images",
            "detections");
    assertThat(written.get("AP").doubleValue()).isCloseTo(.55, within(1e-12));
    assertThat(written.get("APl").doubleValue()).isEqualTo(-1);
    JsonNode categories = written.get("categories");
    assertThat(categories.fieldNames()).toIterable().containsExactly("person", "car", "cat");
    assertThat(categories.get("person").doubleValue()).isCloseTo(1, within(1e-12));
    assertThat(categories.get("car").doubleValue()).isCloseTo(.1, within(1e-12));
    assertThat(categories.get("cat").doubleValue()).isEqualTo(-1);
    assertThat(written.get("images").intValue()).isEqualTo(2);
    assertThat(written.get("detections").intValue()).isEqualTo(2);
  }

  @Test
  void idsMayBeTexts() throws IOException {
    Answer answer =
        scoreAgainst(
            TRUTH.replace("139", "\"2007_000139\"").replace("\"id\": 7}", "\"id\": \"0007\"}"),
            "["
                + RIGHT.replace("139", "\"2007_000139\"")
                + ","
                + RIGHT.replace("139", "\"0007\"")
                + "]");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains("AP person                    50.00 %", "left out: 2, the first is element 1 of");
  }

  @Test
  void noDetectionIsAScoreOfZero() throws IOException {
    Answer answer = score("[]");
    assertThat(answer.out())
        .startsWith(results() + ", 0 detections: AP 0.00 %, AP50 0.00 %")
        .contains(results() + " has not one detection");
    assertThat(answer.status()).isZero();
  }

  @Test
  void filesMayBeCompressed() throws IOException {
    byte[] packed = packed("[" + RIGHT + "]");
    Path file = Files.write(temporary.resolve("results.json.gz"), packed);
    Path truth = Files.write(temporary.resolve("truth.json.gz"), packed(TRUTH));
    Answer answer =
        Answer.to("evaluate", "--detections", file.toString(), "--annotations", truth.toString());
    assertThat(answer.out()).startsWith(file + ", 1 detection: AP 50.00 %");
    Files.write(file, Arrays.copyOf(packed, packed.length - 12));
    assertFails(
        "Cannot read results " + file + ": element 0: the file ends here, it is cut short",
        Answer.to("evaluate", "--detections", file.toString(), "--annotations", truth.toString()));
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void imagesAndCategoriesThatTheAnnotationsDoNotHave() throws IOException {
    String strange = detection(8, 1, "0, 0, 4, 4", "0.5");
    assertFails(
        "Cannot score results "
            + results()
            + ": 2 of 3 detections are of images that "
            + truth()
            + " does not have, the first is element 1, image 8",
        score("[" + RIGHT + "," + strange + "," + strange + "]"));
    assertFails(
        "Cannot score results "
            + results()
            + ": 1 of 2 detections are of categories that "
            + truth()
            + " does not have, the first is element 0, category 2",
        score("[" + detection(7, 2, "0, 0, 4, 4", "0.5") + "," + RIGHT + "]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.9 | NaN | 'element 0: its score is NaN, not a finite number'",
        "0.9 | Infinity | 'element 0: its score is Infinity, not a finite number'",
        "0.9 | \"0.9\" | 'element 0: its score is the text ''0.9'', not a finite number'",
        "40, 40 | -40, 40 | 'element 0: its bbox has the negative size -40.0 x 40.0; bbox is x, y,"
            + " width, height'",
        "139 | \"139\" | 'element 0: its image_id is the text ''139'', not a whole number'",
        ", \"score\": 0.9 | '' | element 0: it has no score",
        "[{ | { | 'it is no array of detections, it begins with an object'",
        "}] | '' | 'element 0: the file ends here, it is cut short'",
      })
  void hostileResults(String part, String other, String message) throws IOException {
    String bad = ("[" + RIGHT + "]").replace(part, other);
    assertThat(bad).isNotEqualTo("[" + RIGHT + "]");
    assertFails("Cannot read results " + results() + ": " + message, score(bad));
  }

  @Test
  void filesThatAreNone() throws IOException {
    assertFails("Cannot read " + results() + ": it is empty", score(""));
    assertFails("Cannot read " + truth() + ": it is empty", scoreAgainst("", "[]"));
    String missing = temporary.resolve("missing").toString();
    assertFails(
        "Cannot read " + missing + ": there is no such file",
        Answer.to("evaluate", "--detections", missing, "--annotations", truth()));
    assertFails(
        "Cannot read " + temporary + ": it is a folder, not a file",
        Answer.to("evaluate", "--detections", temporary.toString(), "--annotations", truth()));
    write("results at 10:00.json", "[]");
    assertFails(
        "Cannot read " + temporary + ": it is a folder, not a file",
        Answer.to("evaluate", "--detections", results(), "--annotations", temporary.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"images\" | \"pictures\" | it has no images",
        "{\"id\": 139} | {\"id\": 7} | there are two images of id 7",
        "{\"id\": 139} | {\"width\": 7} | element 0 of images: it has no id",
        "car | person | 'categories 1 and 3 have the same name, person; rename one'",
        "[0, 0, 40, 40] | [0, 0, 40] | 'element 0 of annotations: its bbox has 3 numbers, not 4'",
        "[0, 0, 40, 40] | [0, 0, -4, 40] | element 0 of annotations: its bbox has the negative size"
            + " -4.0 x 40.0",
        "1600 | -1 | 'element 0 of annotations: its area is ''-1'', not a number from 0 to"
            + " 1000000000000'",
      })
  void annotationsThatAreBroken(String part, String other, String message) throws IOException {
    String bad = TRUTH.replace(part, other);
    assertThat(bad).isNotEqualTo(TRUTH);
    assertFails("Cannot read " + truth() + ": " + message, scoreAgainst(bad, "[]"));
  }

  @Test
  void annotationsWithNothingToFind() throws IOException {
    assertFails(
        "Cannot score results "
            + results()
            + ": annotations "
            + truth()
            + " have no object to find",
        scoreAgainst(TRUTH.replace("\"iscrowd\": 0", "\"iscrowd\": 1"), "[]"));
  }

  /** As prepare reads them, or with a word on pycocotools. */
  @Test
  void annotationsThatAreOdd() throws IOException {
    String odd =
        TRUTH
            .replace("\"area\": 1600, ", "")
            .replace("\"area\": 80, \"iscrowd\": 0", "\"area\": 80")
            .replace("\"id\": 1, \"image_id\"", "\"id\": 0, \"image_id\"")
            .replace("\"id\": 3, \"image_id\": 7", "\"id\": 2, \"image_id\": 7")
            .replace(
                "\"annotations\": [",
                "\"annotations\": [{\"id\": 4, \"image_id\": 8, \"category_id\": 1, \"bbox\": [1,"
                    + " 1, 2, 2], \"area\": 4, \"iscrowd\": 0}, {\"id\": 5, \"image_id\": 7,"
                    + " \"category_id\": 8, \"bbox\": [1, 1, 2, 2], \"area\": 4, \"iscrowd\": 0},");
    Answer answer = scoreAgainst(odd, "[" + RIGHT + "]");
    assertThat(answer.error()).isEmpty();
    String file = truth() + ": annotations ";
    assertThat(answer.out())
        .contains(
            ": AP 50.00 %",
            "APm                          100.00 %", "AP person                    100.00 %")
        .contains(file + "of images that it does not have, left out: 1, the first is element 0 of")
        .contains(file + "of categories that it does not have, left out: 1, the first is element 1")
        .contains(file + "of id 0, for which pycocotools takes what matches them for wrong: 1, the")
        .contains(file + "with the id of one before, in whose place pycocotools takes them: 1, the")
        .contains(file + "without iscrowd, taken for single objects: 1, the first is element 3 of")
        .contains(file + "without area, measured by their mask or else by their box: 1, the first");
  }

  @Test
  void scoresThatCannotBeWritten() throws IOException {
    String nowhere = temporary.resolve("nowhere/scores.json").toString();
    assertFails(
        "Cannot write --json " + nowhere + ": there is no folder " + temporary.resolve("nowhere"),
        score("[]", "--json", nowhere));
    assertFails(
        "Cannot write --json " + temporary + ": it is a folder",
        score("[]", "--json", temporary.toString()));
    Path kept = Files.writeString(temporary.resolve("scores.json"), "old");
    assertThat(score("[7]", "--json", kept.toString()).status()).isEqualTo(1);
    assertThat(kept).hasContent("old");
  }

  @Test
  void mixturesOfBothUses() {
    String detections = "--detections r.json --annotations a.json";
    String reason = " with --detections: it scores a results file, without a network; leave %s out";
    assertUsage("Cannot use RUN runs/x" + reason.replace("%s", "RUN"), "runs/x " + detections);
    assertUsage("Cannot use --data d" + reason.replace("%s", "--data"), "--data d " + detections);
    assertUsage(
        "Cannot use --checkpoint best" + reason.replace("%s", "--checkpoint"),
        "--checkpoint best " + detections);
    assertUsage(
        "Cannot score --detections r.json: give --annotations FILE, too", "--detections r.json");
    assertUsage(
        "Cannot use --annotations a.json without --detections: it is what they are scored against",
        "runs/x --data d --annotations a.json");
    assertUsage("Missing required parameter: 'RUN'", "--data d");
    assertUsage("Missing required option: '--data=DIR'", "runs/x");
  }

  private static void assertUsage(String message, String arguments) {
    String[] words = ("evaluate " + arguments).split(" ");
    assertThat(Answer.to(words))
        .isEqualTo(new Answer(2, "", message + "; see ./submit.sh evaluate --help\n"));
  }

  private static void assertFails(String message, Answer answer) {
    assertThat(answer.error()).isEqualTo(message + "\n");
    assertThat(answer.out()).isEmpty();
    assertThat(answer.status()).isEqualTo(1);
  }

  /** 26 MB of results, of which nothing but the numbers is kept. */
  @Test
  void manyDetections() throws IOException {
    Path file = temporary.resolve("many.json");
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("[" + RIGHT);
      for (int i : IntStream.range(0, 300_000).toArray()) {
        out.write("," + detection(i % 2 == 0 ? 7 : 139, 3, "1, 2, 3, " + i % 9, "0.5"));
      }
      out.write("]");
    }
    write("truth.json", TRUTH);
    assertThat(
            Answer.to("evaluate", "--detections", file.toString(), "--annotations", truth()).out())
        .startsWith(file + ", 300,001 detections: AP 50.00 %");
  }
}
