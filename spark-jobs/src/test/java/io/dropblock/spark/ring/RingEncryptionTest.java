package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an encrypted ring does, and what one hears of it. */
class RingEncryptionTest {
  static final RingSecret SECRET = RingSecret.of("the cluster's");
  private static final RingSettings ON =
      RingSettings.defaults().withSilence(Ranks.TIMEOUT).withEncryption(Encryption.ON);

  /** More than a frame of each rank's, and no whole number of them. */
  private static final int LENGTH = 50_001;

  /** 16 bytes that follow each other. */
  private record Run(long first, long second) {
    static Run at(ByteBuffer bytes, int offset) {
      return new Run(bytes.getLong(offset), bytes.getLong(offset + Long.BYTES));
    }
  }

  @ParameterizedTest
  @CsvSource({"2, EXACT", "3, EXACT", "5, EXACT", "2, BFLOAT16", "3, BFLOAT16"})
  void resultsAreThoseOfTheClearBitByBit(int world, WireFormat wire) throws Exception {
    List<List<byte[]>> clear = all(world, ON.withWire(wire).withEncryption(Encryption.OFF));
    List<List<byte[]>> encrypted = all(world, ON.withWire(wire));

    for (int rank = 0; rank < world; rank++) {
      assertThat(encrypted.get(rank)).hasSameSizeAs(clear.get(rank));
      for (int i = 0; i < clear.get(rank).size(); i++) {
        assertThat(encrypted.get(rank).get(i)).isEqualTo(clear.get(rank).get(i));
      }
    }
  }

  /** Everything that a ring can do, with arrays around the length of a frame. */
  private static List<List<byte[]>> all(int world, RingSettings settings) throws Exception {
    return run(
        world,
        settings,
        ring -> {
          List<byte[]> results = new ArrayList<>();
          for (int length : new int[] {0, 1, 7, 16_384, 16_385, 300_001}) {
            ByteBuffer floats = gradient(ring.rank(), length);
            ring.averageFloats(floats);
            results.add(bytes(floats));
            ByteBuffer doubles = gradient(ring.rank(), 2 * length);
            ring.averageDoubles(doubles);
            results.add(bytes(doubles));
            ByteBuffer sum = gradient(ring.rank(), length);
            ring.sumFloats(List.of(gradient(100 + ring.rank(), length), sum));
            results.add(bytes(sum));
          }
          results.addAll(ring.gather(new byte[Ring.LONGEST_MESSAGE - ring.rank()]));
          return results;
        });
  }

  /** Two connections, and somebody on each: the second way round would be as bad as the first. */
  @ParameterizedTest
  @EnumSource(
      value = Encryption.class,
      names = {"ON", "OFF", "AUTO"})
  void whoListensFindsNoneOfTheGradientButInTheClear(Encryption encryption) throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      ranks.secret = SECRET;
      ranks.settings = ON.withEncryption(encryption);
      try (Proxy one = Proxy.before(1, ranks, Proxy.Tampering.NONE, Proxy.Tampering.NONE);
          Proxy zero = Proxy.before(0, ranks, Proxy.Tampering.NONE, Proxy.Tampering.NONE)) {
        List<byte[]> means =
            ranks.all(
                ring -> {
                  ByteBuffer array = gradient(ring.rank(), LENGTH);
                  ring.averageFloats(array);
                  return bytes(array);
                });
        Set<Run> secret = new HashSet<>();
        collect(bytes(gradient(0, LENGTH)), secret);
        collect(bytes(gradient(1, LENGTH)), secret);
        collect(means.get(0), secret);

        for (Proxy proxy : List.of(zero, one)) {
          byte[] heard = joined(proxy.heard());
          assertThat(heard.length).isGreaterThan(LENGTH * Float.BYTES);
          long found = found(heard, secret);
          if (encryption == Encryption.ON) {
            assertThat(found).isZero();
          } else {
            // All but what is cut by a border of segments
            assertThat(found).isGreaterThan(LENGTH - 100);
          }
        }
      }
    }
  }

  @Test
  void equalGradientsAreNotHeardToBeEqual() throws Exception {
    List<byte[]> once = framesOfZeros();
    List<byte[]> again = framesOfZeros();

    Set<Run> all = new HashSet<>();
    int runs = 0;
    for (byte[] frame : once.subList(Proxy.FRAMES, once.size())) {
      for (int at = 4; at + 16 <= frame.length; at += 16) {
        all.add(Run.at(ByteBuffer.wrap(frame), at));
        runs++;
      }
    }
    assertThat(all).hasSize(runs);
    assertThat(found(joined(again.subList(Proxy.FRAMES, again.size())), all)).isZero();
  }

  private static List<byte[]> framesOfZeros() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      ranks.secret = SECRET;
      ranks.settings = ON;
      try (Proxy one = Proxy.before(1, ranks, Proxy.Tampering.NONE, Proxy.Tampering.NONE)) {
        ranks.all(ring -> RingAverageTest.average(ring, new float[LENGTH]));
        return one.heard();
      }
    }
  }

  @Test
  void framesCostTwentyBytesEach() throws Exception {
    List<Long> sent =
        run(
            2,
            ON,
            ring -> {
              long before = ring.bytesSent();
              RingAverageTest.average(ring, new float[2 * 16_384]);
              return ring.bytesSent() - before;
            });

    // An announcement of 16 bytes, and two segments of one frame each: the second in pieces, as it
    // is summed, but here it comes in one frame
    assertThat(sent).containsOnly(16L + 2 * 65_536 + 3 * 20);
  }

  @Test
  void withoutASecretItDoesNotStart() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      ranks.settings = ON;

      assertThatThrownBy(() -> ranks.meet(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot encrypt a ring without a secret: any stranger could agree on keys with its"
                  + " ranks");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoEncryptsAndWhoDoesNotRefuseEachOther(boolean first) throws Exception {
    try (CapturedLog log = CapturedLog.of(Guests.class);
        Ranks ranks = new Ranks(2)) {
      ranks.secret = SECRET;
      ranks.settings = ON.withEncryption(first ? Encryption.ON : Encryption.OFF);
      Future<float[]> zero = ranks.start(0, ring -> RingAverageTest.average(ring, new float[9]));
      ranks.settings = ON.withEncryption(first ? Encryption.OFF : Encryption.ON);
      Future<float[]> one = ranks.start(1, ring -> RingAverageTest.average(ring, new float[9]));

      assertThatThrownBy(() -> Ranks.result(zero))
          .isInstanceOf(RingException.class)
          .hasMessageStartingWith("Cannot meet rank 1 at ");
      assertThatThrownBy(() -> Ranks.result(one))
          .isInstanceOf(RingException.class)
          .hasMessageStartingWith("Cannot meet rank 0 at ");
      assertThat(log.lines())
          .isNotEmpty()
          .allMatch(
              line ->
                  line.endsWith(": it does not encrypt, and this rank does")
                      || line.endsWith(": it encrypts, and this rank does not"));
    }
  }

  private static <T> List<T> run(int world, RingSettings settings, Ranks.Task<T> task)
      throws Exception {
    try (Ranks ranks = new Ranks(world)) {
      ranks.secret = SECRET;
      ranks.settings = settings;
      return ranks.all(task);
    }
  }

  /** Of random bits but for the exponent, so that no 16 bytes of it come up by chance. */
  private static ByteBuffer gradient(int rank, int floats) {
    Random random = new Random(rank);
    ByteBuffer array =
        ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder());
    IntStream.range(0, floats).forEach(i -> array.putFloat(random.nextFloat() - 0.5f));
    return array.clear();
  }

  private static byte[] bytes(ByteBuffer array) {
    byte[] bytes = new byte[array.remaining()];
    array.duplicate().get(bytes);
    return bytes;
  }

  private static void collect(byte[] floats, Set<Run> runs) {
    ByteBuffer bytes = ByteBuffer.wrap(floats);
    for (int at = 0; at + 16 <= floats.length; at += Float.BYTES) {
      runs.add(Run.at(bytes, at));
    }
  }

  /** At any offset. */
  private static long found(byte[] heard, Set<Run> secret) {
    ByteBuffer bytes = ByteBuffer.wrap(heard);
    return IntStream.rangeClosed(0, heard.length - 16)
        .filter(at -> secret.contains(Run.at(bytes, at)))
        .count();
  }

  static byte[] joined(List<byte[]> units) {
    ByteBuffer all = ByteBuffer.allocate(units.stream().mapToInt(unit -> unit.length).sum());
    units.forEach(all::put);
    return all.array();
  }
}
