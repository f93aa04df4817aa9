package io.dropblock.spark.evaluate.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.Answers;
import io.dropblock.spark.objective.picture.Exhibit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chosen batch by batch and part by part, and by sorting all images at once. */
class ExamplesTest {
  private static final ExampleLimits LIMITS = new ExampleLimits(5, 3);

  /** Answers whose losses are given; half of them, the smaller ones, are right. */
  private record Given(double[] losses, int from, int to, List<Integer> drawn) implements Answers {
    @Override
    public int size() {
      return to - from;
    }

    @Override
    public double loss(int image) {
      return losses[from + image];
    }

    @Override
    public boolean isRight(int image) {
      return loss(image) < .5;
    }

    @Override
    public int truth(int image) {
      return (from + image) % 3;
    }

    @Override
    public int said(int image) {
      return isRight(image) ? truth(image) : 2;
    }

    @Override
    public Exhibit exhibit(int image, ShownPixels pixels, List<String> classes) {
      drawn.add(from + image);
      return new Exhibit("", List.of("of " + (from + image)), List.of(), List.of());
    }
  }

  private static Examples measured(double[] losses, int ranks, int batch, List<Integer> drawn) {
    List<Examples> parts = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      Examples part = new Examples(LIMITS);
      int end = (rank + 1) * losses.length / ranks;
      for (int from = rank * losses.length / ranks; from < end; from += batch) {
        int to = Math.min(end, from + batch);
        part.add(new Given(losses, from, to, drawn), from, null, List.of());
      }
      parts.add(part);
    }
    // in any order
    Collections.reverse(parts);
    return parts.stream().reduce(Examples::merge).orElseThrow();
  }

  private static List<Long> places(List<Example> examples) {
    return examples.stream().map(Example::place).toList();
  }

  @Test
  void anyRanksAndBatchesChooseWhatSortingChooses() {
    Random random = new Random(3);
    for (int round = 0; round < 40; round++) {
      // few different losses, so that many are equal; some are unknown
      double[] losses =
          random.doubles(60).map(it -> it < .05 ? Double.NaN : Math.floor(it * 9) / 8).toArray();
      Comparator<Integer> byLoss = Comparator.comparingDouble(i -> losses[i]);
      List<Long> worst =
          IntStream.range(0, 60)
              .boxed()
              .filter(i -> losses[i] > 0)
              .sorted(byLoss.reversed().thenComparing(i -> i))
              .limit(5)
              .map(Integer::longValue)
              .toList();
      List<Long> right =
          IntStream.range(0, 60)
              .boxed()
              .filter(i -> losses[i] < .5)
              .sorted(byLoss.thenComparing(i -> i))
              .limit(3)
              .map(Integer::longValue)
              .toList();
      for (int ranks : new int[] {1, 2, 4}) {
        for (int batch : new int[] {1, 7, 64}) {
          Examples examples = measured(losses, ranks, batch, new ArrayList<>());
          assertThat(places(examples.worst())).isEqualTo(worst);
          assertThat(places(examples.right())).isEqualTo(right);
          assertThat(examples.worst().get(0).exhibit().caption())
              .containsExactly("of " + worst.get(0));
        }
      }
    }
  }

  @Test
  void onlyWhatIsKeptOfABatchIsDrawn() {
    double[] losses = new Random(1).doubles(10_000).toArray();
    List<Integer> drawn = new ArrayList<>();
    measured(losses, 1, losses.length, drawn);
    assertThat(drawn).hasSize(8);
    drawn.clear();
    measured(losses, 1, 50, drawn);
    // 5 (1 + ln(10,000 / 5)) + 3 (1 + ln(10,000 / 3)) are expected one by one
    assertThat(drawn).hasSizeLessThan(120);
  }

  @Test
  void noImageIsShownTwice() {
    Examples few = measured(new double[] {.1, .2, .3}, 1, 3, new ArrayList<>());
    assertThat(places(few.worst())).containsExactly(2L, 1L, 0L);
    assertThat(few.right()).isEmpty();
    Examples perfect = measured(new double[] {0, 0, 0, 0}, 2, 3, new ArrayList<>());
    assertThat(perfect.worst()).isEmpty();
    assertThat(places(perfect.right())).containsExactly(0L, 1L, 2L);
  }

  @Test
  void classesAreCounted() {
    Examples examples = measured(new double[] {.9, .9, .9, .1, .9, .1}, 2, 2, new ArrayList<>());
    ClassPairs pairs = examples.pairs();
    assertThat(pairs.count(0, 2)).isEqualTo(1);
    assertThat(pairs.count(0, 0)).isEqualTo(1);
    assertThat(pairs.count(1, 2)).isEqualTo(2);
    assertThat(pairs.count(2, 2)).isEqualTo(2);
    assertThat(pairs.mostConfused(1)).containsExactly(new ClassPairs.Pair(1, 2, 2));
  }

  @Test
  void goesFromATaskToTheDriver() throws Exception {
    Examples examples = measured(new double[] {.9, .1, .2}, 1, 3, new ArrayList<>());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(examples);
    }
    Examples there;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      there = (Examples) in.readObject();
    }
    assertThat(there.worst()).isEqualTo(examples.worst());
    assertThat(there.pairs().count(0, 2)).isEqualTo(1);
  }
}
