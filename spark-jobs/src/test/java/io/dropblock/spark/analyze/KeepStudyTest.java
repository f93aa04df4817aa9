package io.dropblock.spark.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeepStudyTest {
  private static final KeepStudy STUDY =
      new KeepStudy(List.of(7, 14), List.of(1, 7, 9), List.of(.75, .9, 1.), 10_000, 3);

  @Test
  void theOpKeepsWhatIsExpected() {
    List<KeepStudy.Row> rows = STUDY.rows();
    assertThat(rows).hasSize(18);
    for (KeepStudy.Row row : rows) {
      assertThat(Math.abs(row.deviations())).as(row.toString()).isLessThan(4.5);
      assertThat(row.realised()).as(row.toString()).isCloseTo(row.expected(), within(.02));
      if (row.nominal() == 1) {
        assertThat(row.realised()).isEqualTo(1);
        assertThat(row.error()).isZero();
      } else {
        assertThat(row.error()).isBetween(1e-5, .01);
      }
    }
    assertThat(rows)
        .filteredOn(row -> row.block() == 1)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.expected()).isCloseTo(row.nominal(), within(1e-12)));
    KeepStudy.Row paper = rows.get(13);
    assertThat(paper.geometry().toString()).contains("height=14", "blockHeight=7");
    assertThat(paper.nominal()).isEqualTo(.9);
    assertThat(paper.realised()).as("0.907 in the reference").isCloseTo(.9067, within(.003));
    assertThat(rows.get(6).geometry().blockHeight()).as("9 on 7").isEqualTo(7);
  }

  /** Also of more maps than are drawn at once, of which none is drawn twice. */
  @Test
  void whatIsDrawnGoesByTheSeed() {
    KeepStudy.Row few = row(4096, 3);
    assertThat(row(4096, 3)).isEqualTo(few);
    assertThat(row(4096, 4)).isNotEqualTo(few);
    assertThat(row(2 * 4096, 3).realised()).isNotEqualTo(few.realised());
  }

  private static KeepStudy.Row row(int draws, long seed) {
    return new KeepStudy(List.of(7), List.of(3), List.of(.8), draws, seed).rows().get(0);
  }

  @Test
  void oneDrawHasNoSpread() {
    assertThatThrownBy(() -> new KeepStudy(List.of(7), List.of(3), List.of(.8), 1, 3))
        .hasMessage("Invalid number of draws: 1");
  }
}
