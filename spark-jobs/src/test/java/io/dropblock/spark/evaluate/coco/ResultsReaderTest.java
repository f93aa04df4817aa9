package io.dropblock.spark.evaluate.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsReaderTest {
  private static final String GOOD =
      "{\"image_id\": 42, \"category_id\": 18, \"bbox\": [-1, 2.5, 3e1, 0], \"score\": 0.25}";

  private static List<Result> read(String json) {
    List<Result> results = new ArrayList<>();
    long size =
        ResultsReader.read(
            "R",
            new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
            (element, result) -> {
              assertThat(element).isEqualTo(results.size());
              results.add(result);
            });
    assertThat(results).hasSize((int) size);
    return results;
  }

  @Test
  void readsWhatCocoDocuments() {
    String more =
        GOOD.replace("{", "{\"id\": 1, \"segmentation\": {\"size\": [1, 2], \"counts\": \"a\"},");
    List<Result> results =
        read("[" + GOOD + ",\n" + more.replace("42", "42.0").replace("0.25", "-7") + "]\n");
    assertThat(results).hasSize(2);
    assertThat(results.get(0).image().number()).isEqualTo(42);
    assertThat(results.get(0).category().number()).isEqualTo(18);
    assertThat(results.get(0).box()).containsExactly(-1, 2.5, 30, 0);
    assertThat(results.get(0).score()).isEqualTo(.25);
    assertThat(results.get(1).image()).isEqualTo(results.get(0).image());
    assertThat(results.get(1).score()).isEqualTo(-7);
    assertThat(read("[]")).isEmpty();
  }

  /** In the second detection, the first of two is good. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.25 | NaN | its score is NaN, not a finite number",
        "0.25 | Infinity | its score is Infinity, not a finite number",
        "0.25 | -Infinity | its score is -Infinity, not a finite number",
        "0.25 | 1e999 | its score is 1e999, not a finite number",
        "0.25 | \"0.25\" | its score is the text '0.25', not a finite number",
        "0.25 | null | its score is null, not a finite number",
        "0.25 | true | its score is true, not a finite number",
        "0.25 | [0.25] | its score is an array, not a finite number",
        ", \"score\": 0.25 | '' | it has no score",
        "\"image_id\": 42, | '' | it has no image_id",
        "\"category_id\": 18, | '' | it has no category_id",
        "\"bbox\": [-1, 2.5, 3e1, 0], | '' | it has no bbox",
        "42 | \"42\" | its image_id is the text '42', not a whole number",
        "42 | 42.5 | its image_id is 42.5, not a whole number",
        "42 | 9223372036854775808 | its image_id is 9223372036854775808, not a whole number",
        "18 | {} | its category_id is an object, not a whole number",
        "3e1 | -3 | 'its bbox has the negative size -3.0 x 0.0; bbox is x, y, width, height'",
        ", 0] | , -0.5] | 'its bbox has the negative size 30.0 x -0.5; bbox is x, y, width, height'",
        "2.5 | NaN | 'its bbox has NaN in it, not a finite number'",
        "2.5 | \"2.5\" | 'its bbox has the text ''2.5'' in it, not a finite number'",
        ", 0] | ] | 'its bbox has 3 numbers, not 4'",
        ", 0] | ', 0, 1]' | its bbox has more than 4 numbers",
        "[-1, 2.5, 3e1, 0] | {} | 'its bbox is an object, not an array of 4 numbers'",
        "\"score\" | \"image_id\" | Duplicate field 'image_id'",
      })
  void refusesWhatIsNoDetection(String part, String other, String message) {
    String bad = GOOD.replace(part, other);
    assertThat(bad).isNotEqualTo(GOOD);
    assertRefused("[" + GOOD + ", " + bad + "]", "element 1: " + message);
  }

  @Test
  void refusesWhatIsNoArrayOfDetections() {
    assertRefused("[[1, 2]]", "element 0: it is an array, not an object");
    assertRefused("[" + GOOD + ", 7]", "element 1: it is 7, not an object");
    assertRefused(GOOD, "it is no array of detections, it begins with an object");
    assertRefused("\"x\"", "it is no array of detections, it begins with the text 'x'");
    assertRefused(" \n", "it is no array of detections, but empty");
    assertRefused("[" + GOOD + "] []", "something follows the array of detections");
    assertRefused("[" + GOOD + "] {", "something follows the array of detections");
    String whole = "[" + GOOD + "]";
    for (int end = whole.indexOf('{') + 1; end < whole.length(); end++) {
      String cut = whole.substring(0, end);
      assertThatThrownBy(() -> read(cut))
          .as(cut)
          .isInstanceOf(DataException.class)
          .hasMessageMatching("Cannot read results R: element [01]: .+");
    }
    assertRefused(
        "[" + GOOD + ", {\"image_id\": 42, \"bb", "element 1: the file ends here, it is cut short");
    assertRefused("[" + GOOD + ", ", "element 1: the file ends here, it is cut short");
    assertThatThrownBy(() -> read("PK\3\4"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read results R: Unrecognized token 'PK??'");
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read results R: " + message);
  }

  /** Results of any length, of which no more than a buffer is read ahead. */
  @Test
  void readsAsAStream() {
    EndlessResults endless = new EndlessResults(200_000);
    long size =
        ResultsReader.read(
            "R",
            endless,
            (element, result) ->
                assertThat(endless.given - element * EndlessResults.LENGTH).isLessThan(20_000));
    assertThat(size).isEqualTo(200_000);
    assertThat(endless.given).isGreaterThan(15_000_000);
  }

  /** So many detections, made as they are read. */
  private static final class EndlessResults extends InputStream {
    private static final int LENGTH = GOOD.length() + 1;

    private final byte[] one = ("," + GOOD).getBytes(StandardCharsets.UTF_8);
    private final long end;
    private long given;

    private EndlessResults(long size) {
      end = size * LENGTH;
    }

    @Override
    public int read() throws IOException {
      if (given > end) {
        return -1;
      }
      int next = given == 0 ? '[' : given == end ? ']' : one[(int) (given % LENGTH)];
      given++;
      return next;
    }
  }
}
