package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreTableTest {
  private static final List<Score> MAIN = List.of(new Score("top-1", .5));

  @Test
  void aClassIsARow() {
    Scores scores = scores(5);
    assertThat(ScoreTable.of("demo after 1 epoch", scores, 1234).lines())
        .hasSize(6)
        .startsWith("demo after 1 epoch: top-1 50.00 %, 1,234 images")
        .element(2)
        .isEqualTo("  accuracy 1                   99.90 %");
  }

  @Test
  void ofManyRowsTheLowestArePrinted() {
    List<String> lines =
        ScoreTable.of("imagenet after 1 epoch", scores(150), 50_000).lines().toList();
    assertThat(lines)
        .hasSize(22)
        .element(1)
        .isEqualTo("The lowest 20 of 150 further scores; all of them: --json FILE");
    assertThat(lines.get(2)).startsWith("  accuracy 149 ");
    assertThat(lines.get(21)).startsWith("  accuracy 130 ");
  }

  /** The later, the lower. */
  private static Scores scores(int classes) {
    List<Score> details =
        IntStream.range(0, classes)
            .mapToObj(label -> new Score("accuracy " + label, 1 - label / 1000.0))
            .toList();
    return new Scores(MAIN, details, List.of());
  }
}
