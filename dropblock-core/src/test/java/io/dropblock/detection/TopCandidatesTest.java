package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopCandidatesTest {
  /** All places, the greatest numbers first, equal ones in their order. */
  private static int[] sorted(float[] numbers) {
    return IntStream.range(0, numbers.length)
        .boxed()
        .sorted(Comparator.comparing((Integer place) -> -numbers[place] + 0f))
        .mapToInt(place -> place)
        .toArray();
  }

  private static float[] numbers(int count, IntToDoubleFunction number) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) number.applyAsDouble(i);
    }
    return numbers;
  }

  private static void compareWithSort(float[] numbers, int most) {
    int[] expected = Arrays.copyOf(sorted(numbers), Math.min(most, numbers.length));
    for (boolean direct : new boolean[] {false, true}) {
      TopCandidates candidates = new TopCandidates(most, numbers.length);
      FloatBuffer buffer = RandomBoxes.buffer(numbers, direct);
      // A second time, as nothing of the first may stay.
      for (int time = 0; time < 2; time++) {
        assertThat(candidates.find(buffer, 0)).isEqualTo(expected.length);
        int[] places = new int[expected.length];
        for (int rank = 0; rank < places.length; rank++) {
          places[rank] = candidates.place(rank);
          assertThat(candidates.number(rank)).isEqualTo(numbers[places[rank]] + 0f);
        }
        assertThat(places).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 5",
    "2, 1",
    "100, 1",
    "100, 24",
    "100, 25",
    "100, 26",
    "100, 99",
    "100, 100",
    "100, 101",
    "4095, 7",
    "4096, 7",
    "4097, 7",
    "50000, 500",
    "50000, 12500",
    "50000, 60000"
  })
  void areThoseOfAFullSort(int count, int most) {
    Random random = new Random(count + most);
    compareWithSort(numbers(count, i -> random.nextGaussian()), most);
    compareWithSort(numbers(count, i -> random.nextInt(9) - 4), most);
    compareWithSort(numbers(count, i -> i), most);
    compareWithSort(numbers(count, i -> -i), most);
    compareWithSort(numbers(count, i -> -4.595), most);
    compareWithSort(numbers(count, i -> i % 2 == 0 ? 0. : -0.), most);
    compareWithSort(numbers(count, i -> Math.scalb(random.nextGaussian(), i % 250 - 125)), most);
  }

  /** So few that a bar that is a rank too high loses one. */
  @Test
  void areThoseOfAFullSortWhateverTheOrder() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      compareWithSort(numbers(60, i -> random.nextInt(1000)), 1 + seed % 4);
    }
  }

  /** Above the bar after a portion, though not before: the bar must rise to the least one kept. */
  @Test
  void areThoseOfAFullSortInWaves() {
    for (int length = 1; length < 200; length += 13) {
      int wave = length;
      compareWithSort(numbers(10_000, i -> i % wave + i / 1000), 50);
    }
  }

  @Test
  void beginWhereTheyAreTold() {
    FloatBuffer numbers = FloatBuffer.wrap(new float[] {99, 1, 3, 2, 99});
    TopCandidates candidates = new TopCandidates(2, 3);
    assertThat(candidates.find(numbers, 1)).isEqualTo(2);
    assertThat(candidates.place(0)).isEqualTo(1);
    assertThat(candidates.place(1)).isEqualTo(2);
    assertThat(numbers.position()).isZero();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> candidates.find(numbers, 3));
  }

  @Test
  void neverAreNegativeInfinity() {
    float[] numbers = {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY};
    TopCandidates candidates = new TopCandidates(2, 3);
    assertThat(candidates.find(FloatBuffer.wrap(numbers), 0)).isEqualTo(1);
    assertThat(candidates.place(0)).isEqualTo(1);
    numbers[1] = Float.NEGATIVE_INFINITY;
    assertThat(candidates.find(FloatBuffer.wrap(numbers), 0)).isZero();
  }

  /** Long after the bar has risen, too. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void areRefusedIfOneIsNotFinite(float bad) {
    for (int place : new int[] {0, 1, 5000, 9999}) {
      float[] numbers = numbers(10_000, i -> -i);
      numbers[place] = bad;
      TopCandidates candidates = new TopCandidates(3, 10_000);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> candidates.find(FloatBuffer.wrap(numbers), 0))
          .withMessage("Cannot detect objects: logit %d is %s", place, bad);
    }
  }
}
