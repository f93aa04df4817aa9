package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingAverageTest {
  private static final RingSettings ROUNDED =
      RingSettings.defaults().withSilence(Ranks.TIMEOUT).withWire(WireFormat.BFLOAT16);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void everyRankGetsTheSameBitsOfTheMean(int world) throws Exception {
    // Below, at and above the world; around the block of a sum and the chunk of a transfer
    int[] lengths = {0, 1, 2, 3, 6, 7, 8, 13, 2047, 4099, 65_537, 700_001};

    List<float[][]> means =
        Ranks.run(
            world,
            ring -> {
              float[][] mean = new float[lengths.length][];
              for (int i = 0; i < lengths.length; i++) {
                mean[i] = average(ring, floats(ring.rank(), lengths[i]));
              }
              return mean;
            });

    for (int i = 0; i < lengths.length; i++) {
      float[] first = means.get(0)[i];
      for (float[][] mean : means) {
        assertThat(mean[i]).isEqualTo(first);
      }
      float[][] inputs = inputs(world, lengths[i]);
      double worst = 0;
      for (int e = 0; e < lengths[i]; e++) {
        double sum = 0;
        for (float[] input : inputs) {
          sum += input[e];
        }
        worst = Math.max(worst, Math.abs(first[e] - sum / world));
      }
      assertThat(worst).isLessThan(world * 1e-7);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 1", "2, 40001", "3, 100003", "4, 3", "7, 100003"})
  void doublesAreAveragedAsDoubles(int world, int length) throws Exception {
    List<double[]> means =
        Ranks.run(
            world,
            ring -> {
              ByteBuffer array = direct(length * Double.BYTES);
              array.asDoubleBuffer().put(doubles(ring.rank(), length));
              ring.averageDoubles(array);
              double[] mean = new double[length];
              array.asDoubleBuffer().get(mean);
              return mean;
            });

    double[] sum = new double[length];
    for (int rank = 0; rank < world; rank++) {
      double[] input = doubles(rank, length);
      for (int e = 0; e < length; e++) {
        sum[e] += input[e];
      }
    }
    double worst = 0;
    for (int e = 0; e < length; e++) {
      worst = Math.max(worst, Math.abs(means.get(0)[e] - sum[e] / world));
    }
    assertThat(worst).isLessThan(world * 3e-16);
    assertThat(means).allSatisfy(mean -> assertThat(mean).isEqualTo(means.get(0)));
  }

  @Test
  void theSameRanksGetTheSameBitsAgain() throws Exception {
    List<float[]> once = Ranks.run(4, ring -> average(ring, floats(ring.rank(), 9001)));
    List<float[]> again = Ranks.run(4, ring -> average(ring, floats(ring.rank(), 9001)));

    assertThat(again.get(0)).isEqualTo(once.get(0));
  }

  @Test
  void averagesWhatLiesBetweenPositionAndLimit() throws Exception {
    List<float[]> arrays =
        Ranks.run(
            2,
            ring -> {
              ByteBuffer array = direct(5 * Float.BYTES);
              for (int i = 0; i < 5; i++) {
                array.putFloat(i * Float.BYTES, 2 * ring.rank());
              }
              ring.averageFloats(array.position(Float.BYTES).limit(4 * Float.BYTES));
              assertThat(array.position()).isEqualTo(Float.BYTES);
              assertThat(array.limit()).isEqualTo(4 * Float.BYTES);
              float[] all = new float[5];
              array.clear().asFloatBuffer().get(all);
              return all;
            });

    assertThat(arrays.get(0)).containsExactly(0, 1, 1, 1, 0);
    assertThat(arrays.get(1)).containsExactly(2, 1, 1, 1, 2);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 600001", "3, 100003", "7, 5", "7, 100003"})
  void roundedValuesAreCloseAndTheSameOnEveryRank(int world, int length) throws Exception {
    List<float[]> means =
        Ranks.run(world, ROUNDED, ring -> average(ring, floats(ring.rank(), length)));

    assertThat(means).allSatisfy(mean -> assertThat(mean).isEqualTo(means.get(0)));
    float[][] inputs = inputs(world, length);
    double most = 0;
    for (int e = 0; e < length; e++) {
      double sum = 0;
      double magnitude = 0;
      for (float[] input : inputs) {
        sum += input[e];
        magnitude += Math.abs(input[e]);
      }
      // Each of world roundings moves a partial sum, no larger than the magnitude, by 2^-8 of it
      double bound = magnitude / world * (Math.pow(1 + Math.pow(2, -8), world) - 1) + 1e-6;
      most = Math.max(most, Math.abs(means.get(0)[e] - sum / world) / bound);
    }
    assertThat(most).isLessThan(1);
  }

  @Test
  void roundedValuesNeedHalfTheBytes() throws Exception {
    int length = 100_000;
    Ranks.Task<Long> task =
        ring -> {
          long before = ring.bytesSent();
          average(ring, floats(ring.rank(), length));
          return ring.bytesSent() - before;
        };

    int announcement = 16;
    assertThat(Ranks.run(2, task)).containsOnly(4L * length + announcement);
    assertThat(Ranks.run(2, ROUNDED, task)).containsOnly(2L * length + announcement);
  }

  @Test
  void aRankSendsAndReceivesNoMoreThanTheFloorOfARing() throws Exception {
    int world = 4;
    int length = 1000;

    List<long[]> bytes =
        Ranks.run(
            world,
            ring -> {
              long sent = ring.bytesSent();
              long received = ring.bytesReceived();
              average(ring, floats(ring.rank(), length));
              return new long[] {ring.bytesSent() - sent, ring.bytesReceived() - received};
            });

    long floor = 2L * (world - 1) * length * Float.BYTES / world;
    assertThat(bytes).allSatisfy(both -> assertThat(both).containsExactly(floor + 16, floor + 16));
  }

  @Test
  void messagesAreGatheredInTheOrderOfRanks() throws Exception {
    for (int world : new int[] {1, 2, 5}) {
      List<List<byte[]>> gathered =
          Ranks.run(world, ring -> ring.gather(new byte[ring.rank() * 100]));
      List<long[]> numbers = Ranks.run(world, ring -> ring.gather(-7L * ring.rank()));

      assertThat(gathered).hasSize(world);
      for (int rank = 0; rank < world; rank++) {
        assertThat(gathered.get(rank)).hasSize(world);
        for (int other = 0; other < world; other++) {
          assertThat(gathered.get(rank).get(other)).hasSize(100 * other);
          assertThat(numbers.get(rank)[other]).isEqualTo(-7L * other);
        }
      }
    }
  }

  @Test
  void refusesArraysThatItCannotSend() {
    try (Ring ring = Ring.alone()) {
      assertThatThrownBy(() -> ring.averageFloats(ByteBuffer.allocate(8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot average")
          .hasMessageContaining("a direct, writable buffer in native byte order is needed");
      assertThatThrownBy(
              () -> ring.averageFloats(ByteBuffer.allocateDirect(8).order(foreignOrder())))
          .hasMessageContaining("native byte order");
      assertThatThrownBy(() -> ring.averageDoubles(direct(12)))
          .hasMessage("Cannot average 12 bytes: not a multiple of 8");
      assertThatThrownBy(() -> ring.gather(new byte[Ring.LONGEST_MESSAGE + 1]))
          .hasMessage("Cannot gather 65537 bytes: a message has at most 65536");
    }
  }

  static float[] average(Ring ring, float[] values) {
    ByteBuffer array = direct(values.length * Float.BYTES);
    array.asFloatBuffer().put(values);
    ring.averageFloats(array);
    float[] mean = new float[values.length];
    array.asFloatBuffer().get(mean);
    return mean;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static ByteOrder foreignOrder() {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
        ? ByteOrder.LITTLE_ENDIAN
        : ByteOrder.BIG_ENDIAN;
  }

  /** In [-1, 1). */
  private static float[] floats(int rank, int length) {
    Random random = new Random(31L * rank + length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private static float[][] inputs(int world, int length) {
    return IntStream.range(0, world).mapToObj(r -> floats(r, length)).toArray(float[][]::new);
  }

  private static double[] doubles(int rank, int length) {
    Random random = new Random(31L * rank + length);
    return random.doubles(length, -1, 1).toArray();
  }
}
