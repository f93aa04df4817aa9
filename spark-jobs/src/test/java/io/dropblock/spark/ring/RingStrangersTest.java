package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers at rank 0 of 3 who are not its neighbour, rank 2. */
class RingStrangersTest {
  private CapturedLog log;
  private Ranks ranks;

  /** Comes before rank 2 does. */
  private interface Visit {
    Stranger to(InetSocketAddress port) throws IOException;
  }

  @BeforeEach
  void open() {
    log = CapturedLog.of(Guests.class);
    ranks = new Ranks(3);
  }

  @AfterEach
  void close() {
    ranks.close();
    log.close();
  }

  @Test
  void whoSaysSomethingElseIsDropped() throws Exception {
    turnsAway(
        port ->
            Stranger.calling(port).says("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
        "it does not speak the ring's protocol");
  }

  @Test
  void whoHangsUpIsDropped() throws Exception {
    turnsAway(
        port -> {
          Stranger stranger = Stranger.calling(port);
          stranger.close();
          return stranger;
        },
        "it closed the connection");
  }

  @Test
  void whoStopsInTheMiddleIsDroppedAfterATime() throws Exception {
    ranks.settings = ranks.settings.withStrangerTimeout(Duration.ofMillis(1500));
    byte[] hello = hello(ranks.membership(2));

    turnsAway(
        port -> Stranger.calling(port).says(Arrays.copyOf(hello, 20)),
        "it did not show who it is within 1.5 s");
  }

  @Test
  void whoRepeatsAnOldHandshakeIsDropped() throws Exception {
    RingMembership two = ranks.membership(2);
    byte[] hello = hello(two);
    ByteBuffer otherHello = ByteBuffer.wrap(hello(ranks.membership(0)));
    ByteBuffer oldProof =
        new RingKey(two, false).proof(RingKey.Side.CALLER, ByteBuffer.wrap(hello), otherHello);

    turnsAway(
        port -> {
          Stranger stranger = Stranger.calling(port).says(hello);
          stranger.hears(Hello.BYTES);
          return stranger.says(oldProof.array());
        },
        "its proof is wrong: a wrong secret, or an old handshake again");
  }

  @Test
  void whoSendsBackWhatItHearsIsDropped() throws Exception {
    turnsAway(
        port -> {
          Stranger stranger = Stranger.calling(port).says(ranks.membership(2));
          return stranger.says(Arrays.copyOf(stranger.hears(Hello.BYTES), RingKey.PROOF_BYTES));
        },
        "its proof is wrong: a wrong secret, or an old handshake again");
  }

  @Test
  void whoDoesNotKnowTheSecretIsDropped() throws Exception {
    ranks.secret = RingSecret.of("the cluster's");
    RingMembership other = new RingMembership(2, 3, ranks.nonce, 1, 10, RingSecret.of("a guess"));

    turnsAway(
        port -> {
          byte[] hello = hello(other);
          Stranger stranger = Stranger.calling(port).says(hello);
          ByteBuffer heard = ByteBuffer.wrap(stranger.hears(Hello.BYTES));
          RingKey key = new RingKey(other, false);
          return stranger.says(
              key.proof(RingKey.Side.CALLER, ByteBuffer.wrap(hello), heard).array());
        },
        "its proof is wrong: a wrong secret, or an old handshake again");
  }

  @Test
  void whoIsOfAnotherAttemptRunWorldRankOrLengthIsDropped() throws Exception {
    RingSecret none = RingSecret.none();
    UUID run = ranks.nonce;
    List<RingMembership> others =
        List.of(
            new RingMembership(2, 3, run, 0, 10, none),
            new RingMembership(2, 3, UUID.randomUUID(), 1, 10, none),
            new RingMembership(2, 4, run, 1, 10, none),
            new RingMembership(1, 3, run, 1, 10, none),
            new RingMembership(2, 3, run, 1, 11, none));
    List<String> reasons =
        List.of(
            "it belongs to attempt 0, not 1",
            "it belongs to another run",
            "it counts 4 ranks, not 3",
            "it calls itself rank 1, not 2",
            "its array has 11 elements, not 10");
    Future<Double> zero = ranks.start(0, RingStrangersTest::mean);
    Future<Double> one = ranks.start(1, RingStrangersTest::mean);

    for (int i = 0; i < others.size(); i++) {
      try (Stranger stranger = Stranger.calling(ranks.addresses().get(0)).says(others.get(i))) {
        stranger.awaitEnd();
        assertThat(log.lines()).hasSize(i + 1);
        assertThat(log.lines().get(i)).isEqualTo(line(stranger, reasons.get(i)));
      }
    }
    Future<Double> two = ranks.start(2, RingStrangersTest::mean);

    assertThat(List.of(Ranks.result(zero), Ranks.result(one), Ranks.result(two))).containsOnly(1.0);
    assertThat(log.lines()).hasSize(others.size());
  }

  @Test
  void silentStrangersDoNotHoldUpTheNeighbour() throws Exception {
    ranks.settings = ranks.settings.withStrangerTimeout(Ranks.TIMEOUT.plusMinutes(1));
    InetSocketAddress port = ranks.addresses().get(0);
    try (Stranger first = Stranger.calling(port);
        Stranger second = Stranger.calling(port)) {
      assertThat(ranks.all(RingStrangersTest::mean)).containsOnly(1.0);

      first.awaitEnd();
      second.awaitEnd();
      assertThat(log.lines())
          .containsExactlyInAnyOrder(
              line(first, "silent until the neighbour came"),
              line(second, "silent until the neighbour came"));
    }
  }

  @Test
  void moreStrangersThanAreHeardAtATimeOnlyCostTime() throws Exception {
    ranks.settings = ranks.settings.withStrangerTimeout(Duration.ofMillis(500));
    List<Stranger> strangers = new ArrayList<>();
    Future<Double> zero = ranks.start(0, RingStrangersTest::mean);
    ranks.settings = RingSettings.defaults();
    for (int i = 0; i < 150; i++) {
      strangers.add(Stranger.calling(ranks.addresses().get(0)));
    }
    Future<Double> one = ranks.start(1, RingStrangersTest::mean);
    Future<Double> two = ranks.start(2, RingStrangersTest::mean);

    assertThat(List.of(Ranks.result(zero), Ranks.result(one), Ranks.result(two))).containsOnly(1.0);
    assertThat(log.lines()).hasSameSizeAs(strangers);
    for (Stranger stranger : strangers) {
      stranger.close();
    }
  }

  @Test
  void theMessageOfAFailedMeetingTellsWhoWasDropped() throws Exception {
    RingMembership stale = new RingMembership(2, 3, ranks.nonce, 0, 10, RingSecret.none());
    try (Stranger stranger = Stranger.calling(ranks.addresses().get(0)).says(stale)) {
      assertThatThrownBy(
              () ->
                  ranks
                      .ports
                      .get(0)
                      .meet(ranks.membership(0), ranks.addresses(), Duration.ofMillis(800)))
          .isInstanceOf(RingException.class)
          .hasMessageStartingWith(
              "Cannot meet rank 2 at %s: it has not called (1 others were dropped, the last: it"
                  + " belongs to attempt 0, not 1)",
              Neighbour.text(ranks.addresses().get(2)));
      assertThat(stranger.address()).isNotEmpty();
    }
  }

  @Test
  void aNeighbourWithAnotherSecretIsNamed() throws Exception {
    Future<Double> zero = ranks.start(0, RingStrangersTest::mean);
    ranks.secret = RingSecret.of("another");

    assertThatThrownBy(() -> ranks.meet(2))
        .isInstanceOf(RingException.class)
        .hasMessage(
            "Cannot meet rank 0 at %s: it closed the connection",
            Neighbour.text(ranks.addresses().get(0)));
    assertThat(log.lines()).hasSize(1);
    zero.cancel(true);
  }

  private void turnsAway(Visit visit, String reason) throws Exception {
    Future<Double> zero = ranks.start(0, RingStrangersTest::mean);
    ranks.settings = RingSettings.defaults();
    Future<Double> one = ranks.start(1, RingStrangersTest::mean);
    try (Stranger stranger = visit.to(ranks.addresses().get(0))) {
      String address = stranger.address();
      Awaitility.await().until(() -> !log.lines().isEmpty());
      Future<Double> two = ranks.start(2, RingStrangersTest::mean);

      assertThat(List.of(Ranks.result(zero), Ranks.result(one), Ranks.result(two)))
          .containsOnly(1.0);
      assertThat(log.lines()).containsExactly(line(address, reason));
    }
    String secrets = ranks.nonce + "|the cluster's|a guess";
    assertThat(log.lines().get(0)).doesNotContain(secrets.split("\\|"));
  }

  private static String line(Stranger stranger, String reason) {
    return line(stranger.address(), reason);
  }

  private static String line(String address, String reason) {
    return String.format(
        Locale.ROOT, "WARN Dropped a caller at %s that is not rank 2: %s", address, reason);
  }

  private static byte[] hello(RingMembership who) {
    return Hello.of(who, new RingKey(who, false), WireFormat.EXACT).array();
  }

  /** Of the ranks' numbers. */
  private static double mean(Ring ring) {
    return RingAverageTest.average(ring, new float[] {ring.rank()})[0];
  }
}
