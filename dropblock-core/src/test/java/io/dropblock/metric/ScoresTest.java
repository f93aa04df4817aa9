package io.dropblock.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.metric.Scores.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final Score TOP_1 = new Score("top-1", .86249);
  private static final Score ENTROPY = new Score("cross entropy", .5, Score.Unit.NUMBER);

  @Test
  void theFirstIsThePrimaryOne() {
    Scores scores = new Scores(List.of(TOP_1), List.of(ENTROPY), List.of());
    assertThat(scores.primary()).isEqualTo(TOP_1);
    assertThat(scores.value("cross entropy")).hasValue(.5);
    assertThat(scores.value("AP")).isEmpty();
  }

  @Test
  void peopleReadSharesInPercent() {
    assertThat(TOP_1.text()).isEqualTo("top-1 86.25 %");
    assertThat(ENTROPY.text()).isEqualTo("cross entropy 0.5000");
  }

  @Test
  void anotherNetworksComeBehindWithAWordInFront() {
    Scores both =
        new Scores(List.of(TOP_1), List.of(ENTROPY), List.of("same"))
            .beside(
                "raw ",
                new Scores(
                    List.of(new Score("top-1", .25)),
                    List.of(new Score("cross entropy", 2, Score.Unit.NUMBER)),
                    List.of("same", "other")));
    assertThat(both.main()).containsExactly(TOP_1, new Score("raw top-1", .25));
    assertThat(both.details())
        .containsExactly(ENTROPY, new Score("raw cross entropy", 2, Score.Unit.NUMBER));
    assertThat(both.notes()).containsExactly("same", "other");
  }

  @Test
  void refusesNoneAndTwoOfOneName() {
    assertThatThrownBy(Scores::of).hasMessage("Invalid scores: none is the primary one");
    assertThatThrownBy(() -> new Scores(List.of(TOP_1), List.of(TOP_1), List.of()))
        .hasMessage("Invalid scores: two have the same name");
  }
}
