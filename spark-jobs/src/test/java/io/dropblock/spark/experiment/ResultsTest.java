package io.dropblock.spark.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Numbers are worked out with NumPy 2.4 and SciPy 1.17: mean, std(ddof=1), t.ppf(0.975, n - 1). */
class ResultsTest {
  private static final List<Row> ROWS =
      List.of(new Row("none", "no DropBlock"), new Row("some", "DropBlock"));

  @Test
  void aSampleHasMeanDeviationAndInterval() {
    Sample sample = new Sample(List.of(.7651, .7644, .7658, .7649));
    assertThat(sample.mean()).isEqualTo(0.76505, within(1e-12));
    assertThat(sample.deviation()).isEqualTo(0.0005802298395176413, within(1e-12));
    assertThat(sample.halfInterval()).isEqualTo(0.0009232751544941771, within(1e-11));
    assertThat(new Sample(List.of(.5)).deviation()).isNaN();
    assertThat(new Sample(List.of(.5)).halfInterval()).isNaN();
    assertThat(new Sample(List.of(.5)).text(100)).isEqualTo("50.00");
  }

  @Test
  void theTableComparesSeedBySeed() {
    Results results =
        results(
            Optional.empty(),
            List.of(place("none", 1), place("none", 2), place("none", 3)),
            List.of(place("some", 1), place("some", 2), place("some", 3)),
            // the best of three epochs is the second
            new double[][] {{.5, .70, .69}, {.5, .72, .71}, {.5, .71, .70}},
            new double[][] {{.5, .6, .73}, {.5, .6, .76}, {.5, .6, .72}});
    assertThat(results.table().lines())
        .containsExactly(
            "top-1 %",
            "row           seeds  best epoch           best           last        to none [95 %]",
            "no DropBlock    3/3         2.0  71.00 +- 1.00  70.00 +- 1.00",
            "DropBlock       3/3         3.0  73.67 +- 2.08  73.67 +- 2.08  +2.67 [-1.13, +6.46]");
  }

  /** Scores of a class would be a table each. */
  @Test
  void eachScoreOfTheWholeHasATable() {
    Scores scores =
        new Scores(
            List.of(new Score("top-1", .5)),
            List.of(
                new Score("cross entropy", 1.25, Score.Unit.NUMBER), new Score("top-1 cat", .25)),
            List.of());
    Results results =
        new Results(
            new Results.Headings("One row", Optional.empty(), Optional.empty()),
            ROWS.subList(0, 1),
            List.of(place("none", 1)),
            List.of(new Outcome(place("none", 1), 3, scores, scores)));
    assertThat(results.table().lines())
        .containsExactly(
            "top-1 %",
            "row           seeds  best epoch   best   last",
            "no DropBlock    1/1         3.0  50.00  50.00",
            "",
            "cross entropy",
            "row           seeds  best epoch  best  last",
            "no DropBlock    1/1         3.0  1.25  1.25");
    assertThat(results.csv().lines())
        .containsExactly(
            "cell,row,x,seed,best_epoch,score,best,last",
            "none-1,none,,1,3,top-1,0.5,0.5",
            "none-1,none,,1,3,cross entropy,1.25,1.25");
  }

  @Test
  void whatIsNotDoneIsSeen() {
    Results results =
        results(
            Optional.empty(),
            List.of(place("none", 1), place("none", 2)),
            List.of(place("some", 1), place("some", 2)),
            new double[][] {{.5, .75}},
            new double[][] {{.5, .8}, {.9, .8}});
    assertThat(results.table().lines())
        .element(2)
        .asString()
        .isEqualTo("no DropBlock    1/2         2.0          75.00          75.00");
    // of the seed that both have
    assertThat(results.table().lines()).element(3).asString().endsWith("  +5.00");
    assertThat(
            results(Optional.empty(), List.of(place("none", 1)), List.of(), none(), none()).table())
        .startsWith("row ");
    assertThat(
            results(Optional.empty(), List.of(place("none", 1)), List.of(), none(), none())
                .figures())
        .isEmpty();
  }

  private static double[][] none() {
    return new double[0][];
  }

  @Test
  void aRowAlongTheAxisIsComparedAtTheSamePlaceOrWithTheOnlyOne() {
    Results same =
        results(
            Optional.of("keep"),
            List.of(place("none", .5), place("none", .9)),
            List.of(place("some", .5), place("some", .9)),
            new double[][] {{.1}, {.2}},
            new double[][] {{.4}, {.8}});
    assertThat(same.table().lines().map(line -> line.replaceAll(".* ", "")))
        .containsExactly("%", "%]", "10.00", "20.00", "+30.00", "+60.00");
    Results one =
        results(
            Optional.of("keep"),
            List.of(place("none", 1)),
            List.of(place("some", .5), place("some", .9)),
            new double[][] {{.1}},
            new double[][] {{.4}, {.8}});
    assertThat(one.table().lines().map(line -> line.replaceAll(".* ", "")))
        .containsExactly("%", "%]", "10.00", "+30.00", "+70.00");
  }

  @Test
  void valuesForOtherProgramsAreWhole() {
    Results results =
        results(
            Optional.of("keep"),
            List.of(place("none", 1)),
            List.of(place("some", .5)),
            new double[][] {{.1, .3, .2}},
            new double[][] {{1 / 3.}});
    assertThat(results.csv().lines())
        .containsExactly(
            "cell,row,x,seed,best_epoch,score,best,last",
            "none-1,none,,1,2,top-1,0.3,0.2",
            "some-0.5,some,0.5,1,1,top-1,0.3333333333333333,0.3333333333333333");
  }

  @Test
  void epochsThatWereDoneAgainCountOnce() {
    Outcome outcome =
        Outcome.of(
                place("none", 1),
                List.of(
                    new RunEvent.Started("tiny", 2, 64, 3, 10, 0, 640, 5),
                    epoch(0, .3),
                    epoch(1, .9),
                    new RunEvent.Failed(1, 4, 10, "gone", List.of()),
                    epoch(1, .4),
                    epoch(2, Double.NaN)))
            .orElseThrow();
    assertThat(outcome.bestEpoch()).isEqualTo(2);
    assertThat(outcome.best().primary().value()).isEqualTo(.4);
    assertThat(outcome.last().primary().value()).isNaN();
    assertThat(Outcome.of(place("none", 1), List.of())).isEmpty();
  }

  @Test
  void theTimeLeftIsThatOfTheEpochsLeft() {
    TimeOfCells time = new TimeOfCells();
    assertThat(time.left(10, 1)).isEmpty();
    time.add(3, 90);
    time.add(1, 10);
    assertThat(time.left(10, 1)).contains("4:10 min left");
  }

  private static Place place(String row, long seed) {
    return new Place(row + "-" + seed, row, OptionalDouble.empty(), seed);
  }

  private static Place place(String row, double x) {
    return new Place(row + "-" + x, row, OptionalDouble.of(x), 1);
  }

  /** As many of each row's cells are done as there are scores of epochs. */
  static Results results(
      Optional<String> axis,
      List<Place> first,
      List<Place> second,
      double[][] firstScores,
      double[][] secondScores) {
    List<Place> places = new ArrayList<>(first);
    places.addAll(second);
    List<Outcome> outcomes = new ArrayList<>(outcomes(first, firstScores));
    outcomes.addAll(outcomes(second, secondScores));
    return new Results(
        new Results.Headings("Two rows", axis, Optional.of("none")), ROWS, places, outcomes);
  }

  private static List<Outcome> outcomes(List<Place> places, double[][] scores) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      List<RunEvent> told =
          new ArrayList<>(
              List.of(new RunEvent.Started("tiny", 2, 64, scores[i].length, 10, 0, 640, 5)));
      for (int epoch = 0; epoch < scores[i].length; epoch++) {
        told.add(epoch(epoch, scores[i][epoch]));
      }
      outcomes.add(Outcome.of(places.get(i), told).orElseThrow());
    }
    return outcomes;
  }

  private static RunEvent epoch(int epoch, double score) {
    return new RunEvent.Epoch(
        epoch,
        1,
        100,
        6,
        1,
        1,
        .1,
        Scores.of(new Score("top-1", score)),
        null,
        Map.of(),
        List.of(),
        List.of());
  }
}
