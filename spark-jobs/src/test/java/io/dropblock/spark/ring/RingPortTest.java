package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RingPortTest {
  @Test
  void takesTheFirstFreePortOfARange() {
    try (RingPort taken = RingPort.open(Ranks.LOOPBACK, PortRange.any())) {
      int first = taken.address().getPort();
      PortRange range = new PortRange(first, Math.min(first + 50, 65_535));

      try (RingPort port = RingPort.open(Ranks.LOOPBACK, range)) {
        assertThat(port.address().getPort()).isGreaterThan(first).isLessThanOrEqualTo(range.last());
      }
    }
  }

  @Test
  void namesTheRangeWhereNoneIsFree() {
    try (RingPort taken = RingPort.open(Ranks.LOOPBACK, PortRange.any())) {
      int port = taken.address().getPort();

      assertThatThrownBy(() -> RingPort.open(Ranks.LOOPBACK, new PortRange(port, port)))
          .isInstanceOf(RingException.class)
          .hasMessageStartingWith("Cannot listen on 127.0.0.1, port " + port + ": none is free");
    }
  }

  @Test
  void refusesRangesThatAreNone() {
    for (int[] range : List.of(new int[] {0, 5}, new int[] {9, 8}, new int[] {1, 65_536})) {
      assertThatThrownBy(() -> new PortRange(range[0], range[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              String.format(Locale.ROOT, "Cannot use ports %d to %d", range[0], range[1]));
    }
  }

  @Test
  void isClosedOnceTheRanksHaveMet() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      List<Boolean> open =
          ranks.all(
              ring -> {
                ring.gather(0);
                try (Socket socket = new Socket()) {
                  socket.connect(ranks.addresses().get(ring.rank()));
                  return true;
                } catch (IOException e) {
                  return false;
                }
              });

      assertThat(open).containsOnly(false);
    }
  }

  @Test
  void aWorldOfOneMeetsNobody() {
    RingPort port = RingPort.open(Ranks.LOOPBACK, PortRange.any());
    RingMembership me =
        new RingMembership(0, 1, UUID.randomUUID(), 0, 1, RingSecret.of("not to be printed"));

    try (Ring ring = port.meet(me, List.of(port.address()), Duration.ofSeconds(1))) {
      assertThat(ring.world()).isEqualTo(1);
    }
    assertThat(me.toString()).isEqualTo("rank 0 of 1, attempt 0, 1 elements");
  }

  @Test
  void namesTheRanksThatDoNotCome() {
    try (Ranks ranks = new Ranks(3)) {
      assertThatThrownBy(
              () ->
                  ranks
                      .ports
                      .get(1)
                      .meet(ranks.membership(1), ranks.addresses(), Duration.ofSeconds(2)))
          .isInstanceOf(RingException.class)
          .hasMessage(
              "Cannot meet rank 0 at %s: it has not called, nor rank 2 at %s: it does not answer",
              Neighbour.text(ranks.addresses().get(0)), Neighbour.text(ranks.addresses().get(2)));
    }
  }

  @Test
  void namesARankThatIsGone() {
    try (Ranks ranks = new Ranks(3)) {
      ranks.ports.get(2).close();

      assertThatThrownBy(() -> ranks.meet(1))
          .isInstanceOf(RingException.class)
          .hasMessage(
              "Cannot meet rank 2 at %s: Connection refused",
              Neighbour.text(ranks.addresses().get(2)));
    }
  }
}
