package io.dropblock.spark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.report.evaluated.EmbeddedPicture;
import io.dropblock.spark.report.evaluated.Evaluated;
import io.dropblock.spark.report.evaluated.NamedConfusion;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluatedSectionTest {
  private static final String HOSTILE = "\"><script>alert(1)</script>";
  private static final String ESCAPED = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;";

  private static Evaluated evaluated(NamedConfusion confusion, List<Score> byClass) {
    return new Evaluated(
        3,
        List.of(new EmbeddedPicture("image/" + HOSTILE, HOSTILE, "alt " + HOSTILE)),
        byClass,
        Optional.of(confusion));
  }

  @Test
  void showsPicturesMatrixAndScores() {
    NamedConfusion confusion =
        new NamedConfusion(
            "images",
            List.of("cat", HOSTILE),
            List.of(List.of(3L, 1L), List.of(0L, 7L)),
            List.of());
    String html =
        EvaluatedSection.of(
            " of " + HOSTILE,
            evaluated(
                confusion, List.of(new Score("accuracy cat", .75), new Score("x", Double.NaN))));
    assertThat(html)
        .doesNotContain("<script")
        .contains(
            "after epoch 3 of " + ESCAPED,
            "alt=\"alt " + ESCAPED + "\"",
            "src=\"data:image/" + ESCAPED + ";base64," + ESCAPED + "\"",
            ">3</td>",
            ">7</td>",
            ">\u00B7</td>",
            "rgba(46,125,50,0.62)",
            "rgba(198,40,40,0.26)",
            "<td>accuracy cat</td>\n<td class=\"number\">75.00 %</td>",
            "<td class=\"number\">-</td>");
  }

  @Test
  void ofManyClassesShowsTheMostConfusedAndTheLowest() {
    NamedConfusion confusion =
        new NamedConfusion(
            "images", List.of(), List.of(), List.of(new NamedConfusion.Pair("cat", HOSTILE, 12)));
    List<Score> scores =
        IntStream.range(0, 101).mapToObj(i -> new Score("IoU " + i, (100 - i) / 100.)).toList();
    String html = EvaluatedSection.of("", evaluated(confusion, scores));
    assertThat(html)
        .doesNotContain("<script")
        .contains("most often confused", "<td>cat</td>", ">12</td>", "The lowest 20 scores of 101")
        .contains("<td>IoU 100</td>", "<td>IoU 81</td>")
        .doesNotContain("<td>IoU 80</td>");
  }

  @Test
  void withoutAnEvaluationThereIsNothing() {
    assertThat(EvaluatedSection.of("", null)).isEmpty();
  }
}
