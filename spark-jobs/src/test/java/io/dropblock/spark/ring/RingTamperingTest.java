package io.dropblock.spark.ring;

import static io.dropblock.spark.ring.Proxy.FRAMES;
import static io.dropblock.spark.ring.Proxy.HELLO;
import static io.dropblock.spark.ring.Proxy.PROOF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.ring.Proxy.Tampering;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody between rank 0 and rank 1 of an encrypted ring of 2 who changes what goes by. */
class RingTamperingTest {
  /** Rank 0 first sends the half of it, 13 frames, two announcements before them. */
  private static final float[] GRADIENT = new float[400_000];

  /** In the middle of the first segment, of which no rank has the mean then. */
  private static final int FRAME = 5;

  private static final String NOT_SENT =
      " is not what it sent: changed, repeated or left out on the way";
  private static final String WRONG_PROOF =
      "its proof is wrong: a wrong secret, or an old handshake again";

  private Ranks ranks;
  private CapturedLog log;

  @BeforeEach
  void open() {
    Arrays.fill(GRADIENT, 1.5f);
    log = CapturedLog.of(Guests.class);
    ranks = encrypted(new Ranks(2));
  }

  @AfterEach
  void close() {
    ranks.close();
    log.close();
  }

  private static Ranks encrypted(Ranks ranks) {
    ranks.secret = RingEncryptionTest.SECRET;
    ranks.settings = ranks.settings.withEncryption(Encryption.ON);
    return ranks;
  }

  @Test
  void whoChangesNothingIsNotNoticed() throws Exception {
    List<byte[]> heard = honest(ranks);

    assertThat(heard).hasSizeGreaterThanOrEqualTo(FRAMES + 2 + 26);
    assertThat(heard.get(FRAMES + FRAME)).hasSize(4 + 65_536 + 16);
  }

  /** Of a full frame's length 00 01 00 00, its text, its tag; of an announcement's, 00 00 00 10. */
  @ParameterizedTest
  @CsvSource({
    "5, 0, 128, 'its frame 5 says that it has -2147418112 bytes, and frames have 1 to 65536: changed on the way'",
    "5, 0, 64, 'its frame 5 says that it has 1073807360 bytes, and frames have 1 to 65536: changed on the way'",
    "5, 1, 1, 'its frame 5 says that it has 0 bytes, and frames have 1 to 65536: changed on the way'",
    "5, 3, 1, 'its frame 5 says that it has 65537 bytes, and frames have 1 to 65536: changed on the way'",
    "1, 3, 1, its frame 1 is not what it sent",
    "1, 3, 24, its frame 1 is not what it sent",
    "5, 4, 1, its frame 5 is not what it sent",
    "5, 30000, 128, its frame 5 is not what it sent",
    "5, 65539, 1, its frame 5 is not what it sent",
    "5, 65540, 1, its frame 5 is not what it sent",
    "5, 65555, 128, its frame 5 is not what it sent",
    "2, 100, 4, its frame 2 is not what it sent",
  })
  void aChangedByteOfAFrameEndsTheRound(int frame, int at, int bits, String reason)
      throws Exception {
    endsTheRound(
        (proxy, unit, bytes) -> {
          if (unit == FRAMES + frame) {
            bytes[at] ^= (byte) bits;
          }
          return List.of(bytes);
        },
        reason.endsWith("sent") ? reason + ": changed, repeated or left out on the way" : reason);
  }

  @Test
  void aFrameThatComesTwiceEndsTheRound() throws Exception {
    endsTheRound(
        (proxy, unit, bytes) -> unit == FRAMES + FRAME ? List.of(bytes, bytes) : List.of(bytes),
        "its frame 6" + NOT_SENT);
  }

  @Test
  void aFrameThatIsLeftOutEndsTheRound() throws Exception {
    endsTheRound(
        (proxy, unit, bytes) -> unit == FRAMES + FRAME ? List.of() : List.of(bytes),
        "its frame 5" + NOT_SENT);
  }

  @Test
  void framesThatAreSwappedEndTheRound() throws Exception {
    List<byte[]> kept = new ArrayList<>();
    endsTheRound(
        (proxy, unit, bytes) -> {
          if (unit == FRAMES + FRAME) {
            kept.add(bytes);
            return List.of();
          }
          return unit == FRAMES + FRAME + 1 ? List.of(bytes, kept.get(0)) : List.of(bytes);
        },
        "its frame 5" + NOT_SENT);
  }

  @Test
  void aFrameOfAnEarlierConnectionEndsTheRound() throws Exception {
    List<byte[]> old;
    try (Ranks before = encrypted(new Ranks(2, ranks.nonce))) {
      old = honest(before);
    }
    endsTheRound(
        (proxy, unit, bytes) -> List.of(unit == FRAMES + FRAME ? old.get(unit) : bytes),
        "its frame 5" + NOT_SENT);
  }

  @Test
  void aFrameOfTheConnectionTheOtherWayRoundEndsTheRound() throws Exception {
    try (Proxy other = Proxy.before(0, ranks, Tampering.NONE, Tampering.NONE)) {
      endsTheRound(
          (proxy, unit, bytes) -> {
            if (unit != FRAMES + FRAME) {
              return List.of(bytes);
            }
            Awaitility.await().until(() -> other.heard().size() > FRAMES + FRAME);
            return List.of(other.heard().get(unit));
          },
          "its frame 5" + NOT_SENT);
    }
  }

  /** Rank 0 never reads what comes back; it looks as it waits, here until it can send the rest. */
  @Test
  void aFrameThatIsSentBackEndsTheRound() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Tampering mirror =
        (proxy, unit, bytes) -> {
          if (unit == FRAMES + FRAME) {
            proxy.answer(bytes);
            over.await();
          }
          return List.of(bytes);
        };
    // More than the buffers of the connections hold
    float[] large = new float[8 << 20];
    try (Proxy proxy = Proxy.before(1, ranks, mirror, Tampering.NONE)) {
      Future<float[]> zero = ranks.start(0, ring -> RingAverageTest.average(ring, large));
      Future<float[]> one = ranks.start(1, ring -> RingAverageTest.average(ring, large));

      assertThatThrownBy(() -> Ranks.result(zero))
          .isInstanceOf(RingException.class)
          .hasMessage(cannot("average", 1, "it sends backwards"));
      assertThatThrownBy(() -> Ranks.result(one)).isInstanceOf(RingException.class);
      assertThat(proxy.heard()).hasSize(FRAMES + FRAME + 1);
    } finally {
      over.countDown();
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "4", "40000", "65555"})
  void aConnectionThatIsCutEndsTheRound(int after) throws Exception {
    endsTheRound(
        (proxy, unit, bytes) -> {
          if (unit > FRAMES + FRAME) {
            return null;
          }
          return List.of(unit == FRAMES + FRAME ? Arrays.copyOf(bytes, after) : bytes);
        },
        "it closed the connection");
  }

  /** The last byte of each field of the hello, and one of the proof. */
  @ParameterizedTest
  @CsvSource({
    "0, 3, it does not speak the ring's protocol",
    "0, 5, 'it speaks version 3 of the protocol, not 2'",
    "0, 6, it sends another wire format",
    "0, 7, its byte order is another",
    "0, 8, 'it does not encrypt, and this rank does'",
    "0, 16, it belongs to another run",
    "0, 20, 'it belongs to attempt 0, not 1'",
    "0, 24, 'it calls itself rank 1, not 0'",
    "0, 28, 'it counts 3 ranks, not 2'",
    "0, 36, 'its array has 11 elements, not 10'",
    "0, 68, 'its proof is wrong: a wrong secret, or an old handshake again'",
    "0, 100, 'its proof is wrong: a wrong secret, or an old handshake again'",
    "1, 31, 'its proof is wrong: a wrong secret, or an old handshake again'",
  })
  void aChangedByteOfTheCallersHandshakeIsRefused(int unit, int at, String reason)
      throws Exception {
    refused(flip(unit, at), Tampering.NONE, "it closed the connection");

    Awaitility.await().until(() -> !log.lines().isEmpty());
    assertThat(log.lines())
        .hasSize(1)
        .allMatch(line -> line.startsWith("WARN Dropped a caller at "))
        .allMatch(line -> line.endsWith(" that is not rank 0: " + reason));
  }

  /** What the caller says to a changed hello is what the listener refuses. */
  @ParameterizedTest
  @CsvSource({
    "0, 8, 'it does not encrypt, and this rank does'",
    "0, 24, 'it calls itself rank 0, not 1'",
    "0, 68, it closed the connection",
    "0, 100, it closed the connection",
    "1, 0, 'its proof is wrong: a wrong secret, or an old handshake again'",
  })
  void aChangedByteOfTheListenersHandshakeIsRefused(int unit, int at, String reason)
      throws Exception {
    refused(Tampering.NONE, flip(unit, at), reason);
  }

  /** On both connections each is told that the other does as itself. */
  @Test
  void encryptionCannotBeTalkedOutOfARank() throws Exception {
    ranks.settings = ranks.settings.withEncryption(Encryption.OFF);
    try (Proxy proxy = Proxy.before(1, ranks, flip(HELLO, 8), flip(HELLO, 8));
        Proxy other = Proxy.before(0, ranks, flip(HELLO, 8), flip(HELLO, 8))) {
      Future<float[]> zero = ranks.start(0, RingTamperingTest::average);
      ranks.settings = ranks.settings.withEncryption(Encryption.ON);
      Future<float[]> one = ranks.start(1, RingTamperingTest::average);

      for (Future<float[]> rank : List.of(zero, one)) {
        assertThatThrownBy(() -> Ranks.result(rank))
            .isInstanceOf(RingException.class)
            .hasMessageStartingWith("Cannot meet rank ");
      }
      assertThat(log.lines()).isNotEmpty().allMatch(line -> line.endsWith(": " + WRONG_PROOF));
      assertThat(proxy.heard()).hasSizeLessThanOrEqualTo(FRAMES);
      assertThat(other.heard()).hasSizeLessThanOrEqualTo(FRAMES);
    }
  }

  @Test
  void aHandshakeOfAnEarlierConnectionIsRefused() throws Exception {
    List<byte[]> old;
    try (Ranks before = encrypted(new Ranks(2, ranks.nonce))) {
      old = honest(before);
    }
    visited(
        stranger -> {
          stranger.says(old.get(HELLO)).hears(Hello.BYTES);
          stranger.says(old.get(PROOF)).says(old.get(FRAMES));
        });
  }

  @Test
  void whoDoesNotKnowTheSecretIsRefused() throws Exception {
    RingMembership guess = new RingMembership(0, 2, ranks.nonce, 1, 10, RingSecret.of("a guess"));
    RingKey key = new RingKey(guess, true);
    byte[] hello = Hello.of(guess, key, WireFormat.EXACT).array();
    visited(
        stranger -> {
          stranger.says(hello);
          ByteBuffer heard = ByteBuffer.wrap(stranger.hears(Hello.BYTES));
          stranger.says(key.proof(RingKey.Side.CALLER, ByteBuffer.wrap(hello), heard).array());
        });
  }

  private interface Visit {
    void of(Stranger stranger) throws Exception;
  }

  /** A stranger is with rank 1 before rank 0 is, which is not kept from its work. */
  private void visited(Visit visit) throws Exception {
    Future<float[]> one = ranks.start(1, RingTamperingTest::average);
    try (Stranger stranger = Stranger.calling(ranks.addresses().get(1))) {
      visit.of(stranger);
      Awaitility.await().until(() -> !log.lines().isEmpty());
      assertThat(log.lines())
          .containsExactly(
              "WARN Dropped a caller at "
                  + stranger.address()
                  + " that is not rank 0: "
                  + WRONG_PROOF);
    }
    assertThat(Ranks.result(ranks.start(0, RingTamperingTest::average))).isEqualTo(GRADIENT);
    assertThat(Ranks.result(one)).isEqualTo(GRADIENT);
  }

  private void endsTheRound(Tampering tampering, String reason) throws Exception {
    try (Proxy proxy = Proxy.before(1, ranks, tampering, Tampering.NONE)) {
      Future<float[]> zero = ranks.start(0, RingTamperingTest::average);
      Future<float[]> one = ranks.start(1, RingTamperingTest::average);

      assertThatThrownBy(() -> Ranks.result(one))
          .isInstanceOf(RingException.class)
          .hasMessageMatching(told("average", 0, reason))
          .satisfies(e -> assertThat(((RingException) e).suspect()).isZero());
      assertThatThrownBy(() -> Ranks.result(zero))
          .isInstanceOf(RingException.class)
          .hasMessageStartingWith("Cannot average with rank 1 at ");
      assertThat(proxy.heard()).isNotEmpty();
    }
  }

  private void refused(Tampering forth, Tampering back, String reason) throws Exception {
    try (Proxy proxy = Proxy.before(1, ranks, forth, back)) {
      Future<float[]> zero = ranks.start(0, RingTamperingTest::average);
      Future<float[]> one = ranks.start(1, RingTamperingTest::average);

      assertThatThrownBy(() -> Ranks.result(zero))
          .isInstanceOf(RingException.class)
          .hasMessageMatching(told("meet", 1, reason));
      // Else it waits for rank 0 to call again
      if (one.isDone()) {
        assertThatThrownBy(() -> Ranks.result(one)).isInstanceOf(RingException.class);
      }
      assertThat(proxy.heard()).isNotEmpty();
    }
  }

  private String cannot(String what, int rank, String reason) {
    String with = what.equals("meet") ? "" : "with ";
    String address = Neighbour.text(ranks.addresses().get(rank));
    return "Cannot " + what + " " + with + "rank " + rank + " at " + address + ": " + reason;
  }

  /** As a pattern. Who sends just then learns of a closed connection in the kernel's words. */
  private String told(String what, int rank, String reason) {
    boolean closed = reason.equals("it closed the connection");
    return Pattern.quote(cannot(what, rank, ""))
        + (closed ? "(" + reason + "|Broken pipe|Connection reset.*)" : Pattern.quote(reason));
  }

  private static Tampering flip(int which, int at) {
    return (proxy, unit, bytes) -> {
      if (unit == which) {
        bytes[at] ^= 1;
      }
      return List.of(bytes);
    };
  }

  /** What goes by where nobody changes it. */
  private static List<byte[]> honest(Ranks ranks) throws Exception {
    try (Proxy proxy = Proxy.before(1, ranks, Tampering.NONE, Tampering.NONE)) {
      assertThat(ranks.all(RingTamperingTest::average)).containsOnly(GRADIENT);
      return proxy.heard();
    }
  }

  private static float[] average(Ring ring) {
    return RingAverageTest.average(ring, GRADIENT.clone());
  }
}
