package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingSumTest {
  /** Nothing, one, around the block of a sum, the chunk of a transfer and twice that. */
  private static final int[] LENGTHS = {0, 1, 7, 2047, 2049, 4099, 262_143, 262_145, 700_001};

  /** Arrays of each rank; as many as there are ranks are used. */
  private static final int[] ARRAYS = {2, 1, 3, 1, 2};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void everyRankGetsTheBitsOfTheArraysAddedUpInTheirOrder(int world) throws Exception {
    List<float[][]> sums =
        Ranks.run(
            world,
            ring -> {
              float[][] sum = new float[LENGTHS.length][];
              for (int i = 0; i < LENGTHS.length; i++) {
                sum[i] = sum(ring, own(ring.rank()), LENGTHS[i]);
              }
              return sum;
            });

    for (int i = 0; i < LENGTHS.length; i++) {
      float[] expected = fold(before(world), LENGTHS[i]);
      for (float[][] sum : sums) {
        assertThat(sum[i]).isEqualTo(expected);
      }
    }
  }

  /** Six arrays on one rank, on two and on three: what ranks share out does not matter. */
  @Test
  void itDoesNotMatterWhoHasWhichArrays() throws Exception {
    int length = 100_003;
    float[] expected = fold(6, length);
    for (int[] shares : new int[][] {{6}, {2, 4}, {3, 3}, {5, 1}, {1, 2, 3}, {2, 2, 2}}) {
      List<float[]> sums =
          Ranks.run(
              shares.length,
              ring -> {
                int from = IntStream.of(shares).limit(ring.rank()).sum();
                return sum(
                    ring,
                    IntStream.range(from, from + shares[ring.rank()]).boxed().toList(),
                    length);
              });
      assertThat(sums).allSatisfy(sum -> assertThat(sum).isEqualTo(expected));
    }
    // The order is not without effect
    float[] other = floats(5, length);
    for (int array = 4; array >= 0; array--) {
      add(other, floats(array, length));
    }
    assertThat(other).isNotEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void doublesAreSummedAsDoubles(int world) throws Exception {
    int length = 140_001;
    List<double[]> sums =
        Ranks.run(
            world,
            ring -> {
              List<ByteBuffer> arrays = new ArrayList<>();
              for (int array : own(ring.rank())) {
                ByteBuffer buffer = direct(length * Double.BYTES);
                buffer.asDoubleBuffer().put(doubles(array, length));
                arrays.add(buffer);
              }
              ring.sumDoubles(arrays);
              double[] sum = new double[length];
              arrays.get(arrays.size() - 1).asDoubleBuffer().get(sum);
              return sum;
            });

    double[] expected = doubles(0, length);
    for (int array = 1; array < before(world); array++) {
      double[] other = doubles(array, length);
      for (int e = 0; e < length; e++) {
        expected[e] += other[e];
      }
    }
    assertThat(sums).allSatisfy(sum -> assertThat(sum).isEqualTo(expected));
  }

  @Test
  void sumsWhatLiesBetweenPositionAndLimit() throws Exception {
    List<float[]> arrays =
        Ranks.run(
            2,
            ring -> {
              ByteBuffer array = direct(5 * Float.BYTES);
              for (int i = 0; i < 5; i++) {
                array.putFloat(i * Float.BYTES, 1 + ring.rank());
              }
              ring.sumFloats(List.of(array.position(Float.BYTES).limit(4 * Float.BYTES)));
              assertThat(array.position()).isEqualTo(Float.BYTES);
              assertThat(array.limit()).isEqualTo(4 * Float.BYTES);
              float[] all = new float[5];
              array.clear().asFloatBuffer().get(all);
              return all;
            });

    assertThat(arrays.get(0)).containsExactly(1, 3, 3, 3, 1);
    assertThat(arrays.get(1)).containsExactly(2, 3, 3, 3, 2);
  }

  /**
   * The array for two ranks; for more the first ones send it twice, the middle ones get it twice.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void theSumNeedsTheBytesOfTwoArraysAtMost(int world) throws Exception {
    int length = 1000;
    List<long[]> bytes =
        Ranks.run(
            world,
            ring -> {
              long sent = ring.bytesSent();
              long received = ring.bytesReceived();
              sum(ring, own(ring.rank()), length);
              return new long[] {ring.bytesSent() - sent, ring.bytesReceived() - received};
            });

    long array = (long) length * Float.BYTES;
    for (int rank = 0; rank < world; rank++) {
      assertThat(bytes.get(rank))
          .containsExactly(
              16 + (rank < world - 2 ? 2 * array : array),
              16 + (rank > 0 && rank < world - 1 ? 2 * array : array));
    }
  }

  @Test
  void valuesThatOthersRoundAreSummedAsTheyAre() throws Exception {
    RingSettings rounded =
        RingSettings.defaults().withSilence(Ranks.TIMEOUT).withWire(WireFormat.BFLOAT16);
    List<float[]> sums = Ranks.run(3, rounded, ring -> sum(ring, own(ring.rank()), 5001));

    assertThat(sums).allSatisfy(sum -> assertThat(sum).isEqualTo(fold(before(3), 5001)));
  }

  @Test
  void sumsMeansAndMessagesFollowEachOther() throws Exception {
    List<float[]> sums =
        Ranks.run(
            3,
            ring -> {
              for (int round = 0; round < 20; round++) {
                sum(ring, own(ring.rank()), 3000 + round);
                RingAverageTest.average(ring, new float[500]);
                assertThat(ring.gather(round)).containsOnly(round);
              }
              return sum(ring, own(ring.rank()), 4000);
            });

    assertThat(sums).allSatisfy(sum -> assertThat(sum).isEqualTo(fold(before(3), 4000)));
  }

  @Test
  void refusesArraysThatItCannotSum() {
    try (Ring ring = Ring.alone()) {
      assertThatThrownBy(() -> ring.sumFloats(List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot sum no array: each rank needs at least one");
      assertThatThrownBy(() -> ring.sumFloats(List.of(direct(8), direct(12))))
          .hasMessage("Cannot sum 8 and 12 bytes: arrays must be of one length");
      assertThatThrownBy(() -> ring.sumDoubles(List.of(direct(12))))
          .hasMessage("Cannot sum 12 bytes: not a multiple of 8");
      assertThatThrownBy(() -> ring.sumFloats(List.of(direct(8), ByteBuffer.allocate(8))))
          .hasMessageStartingWith("Cannot sum")
          .hasMessageContaining("a direct, writable buffer in native byte order is needed");
    }
  }

  /** The numbers of a rank's arrays. */
  private static List<Integer> own(int rank) {
    return IntStream.range(before(rank), before(rank + 1)).boxed().toList();
  }

  private static int before(int rank) {
    return IntStream.of(ARRAYS).limit(rank).sum();
  }

  private static float[] sum(Ring ring, List<Integer> own, int length) {
    List<ByteBuffer> arrays = new ArrayList<>();
    for (int array : own) {
      ByteBuffer buffer = direct(length * Float.BYTES);
      buffer.asFloatBuffer().put(floats(array, length));
      arrays.add(buffer);
    }
    ring.sumFloats(arrays);
    float[] sum = new float[length];
    arrays.get(arrays.size() - 1).asFloatBuffer().get(sum);
    return sum;
  }

  /** The definition: the first so many arrays, each added to the sum of those before. */
  private static float[] fold(int count, int length) {
    float[] sum = floats(0, length);
    for (int array = 1; array < count; array++) {
      add(sum, floats(array, length));
    }
    return sum;
  }

  private static void add(float[] sum, float[] other) {
    for (int e = 0; e < sum.length; e++) {
      sum[e] += other[e];
    }
  }

  /** Of lengths so different that nearly every other order rounds otherwise. */
  private static float[] floats(int array, int length) {
    double[] doubles = doubles(array, length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) doubles[i];
    }
    return values;
  }

  private static double[] doubles(int array, int length) {
    Random random = new Random(31L * array + length);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (2 * random.nextDouble() - 1) * Math.pow(2, random.nextInt(10));
    }
    return values;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
