package io.dropblock.spark.ring;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who call a rank: its neighbour, and strangers, all heard at the same time. A stranger gets
 * one line in the log.
 */
final class Guests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Guests.class);

  /** Further ones wait outside. */
  private static final int MOST_AT_A_TIME = 64;

  private record Guest(Handshake handshake, SocketAddress address, long deadline) {}

  private final Selector selector;
  private final SelectionKey door;
  private final RingMembership me;
  private final RingKey key;
  private final RingSettings settings;
  private final List<Guest> guests = new ArrayList<>();

  private Handshake neighbour;
  private int refused;
  private String lastRefusal = "";

  Guests(
      ServerSocketChannel door,
      Selector selector,
      RingMembership me,
      RingKey key,
      RingSettings settings)
      throws IOException {
    this.selector = selector;
    this.door = door.register(selector, SelectionKey.OP_ACCEPT);
    this.me = me;
    this.key = key;
    this.settings = settings;
  }

  boolean neighbourMet() {
    return neighbour != null;
  }

  /** The way from the neighbour that has been met. */
  Receiver neighbour() {
    return neighbour.receiver();
  }

  /** Leaves the neighbour's connection to another owner. */
  void release() {
    neighbour = null;
  }

  /** When the most patient wait ends: the earliest deadline of a guest, or the latest given. */
  long nextDeadline(long latest) {
    long earliest = latest;
    for (Guest guest : guests) {
      if (guest.deadline - earliest < 0) {
        earliest = guest.deadline;
      }
    }
    return earliest;
  }

  /** For the message of a meeting that failed. */
  String refusals() {
    return refused == 0
        ? ""
        : String.format(
            Locale.ROOT, " (%d others were dropped, the last: %s)", refused, lastRefusal);
  }

  /** Lets in who has come and goes on with all handshakes. */
  void advance() {
    if (neighbourMet()) {
      return;
    }
    letIn();
    long now = System.nanoTime();
    for (Guest guest : List.copyOf(guests)) {
      advance(guest, now);
    }
    if (neighbourMet()) {
      guests.forEach(guest -> log(guest, "silent until the neighbour came"));
      shut();
    } else {
      door.interestOps(guests.size() < MOST_AT_A_TIME ? SelectionKey.OP_ACCEPT : 0);
    }
  }

  private void letIn() {
    ServerSocketChannel channel = (ServerSocketChannel) door.channel();
    while (guests.size() < MOST_AT_A_TIME) {
      SocketChannel accepted;
      try {
        accepted = channel.accept();
      } catch (IOException e) {
        throw new RingException(
            String.format(
                Locale.ROOT, "Cannot wait for rank %d: %s", me.previous(), RingException.reason(e)),
            e);
      }
      if (accepted == null) {
        return;
      }
      letIn(accepted);
    }
  }

  private void letIn(SocketChannel accepted) {
    try {
      SocketAddress address = accepted.getRemoteAddress();
      SocketTuning.connection(accepted);
      accepted.register(selector, SelectionKey.OP_READ);
      long deadline = System.nanoTime() + settings.strangerTimeout().toNanos();
      Handshake handshake = Handshake.answer(accepted, me, key, settings.wire());
      guests.add(new Guest(handshake, address, deadline));
    } catch (IOException e) {
      // Gone again before it was looked at
      Link.closeQuietly(accepted);
    }
  }

  private void advance(Guest guest, long now) {
    try {
      if (neighbourMet()) {
        return;
      }
      if (guest.handshake.advance()) {
        neighbour = guest.handshake;
        neighbour.channel().keyFor(selector).cancel();
        guests.remove(guest);
      } else if (now - guest.deadline >= 0) {
        drop(guest, "it did not show who it is within " + seconds(settings.strangerTimeout()));
      }
    } catch (RefusedException e) {
      drop(guest, e.getMessage());
    } catch (IOException e) {
      drop(guest, RingException.reason(e));
    }
  }

  private void drop(Guest guest, String reason) {
    log(guest, reason);
    guests.remove(guest);
    Link.closeQuietly(guest.handshake.channel());
    refused++;
    lastRefusal = reason;
  }

  private void log(Guest guest, String reason) {
    LOG.warn(
        "Dropped a caller at {} that is not rank {}: {}",
        Neighbour.text(guest.address),
        me.previous(),
        reason);
  }

  static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() / 1000.0 + " s";
  }

  @Override
  public void close() {
    shut();
    if (neighbourMet()) {
      Link.closeQuietly(neighbour.channel());
    }
  }

  private void shut() {
    guests.forEach(guest -> Link.closeQuietly(guest.handshake.channel()));
    guests.clear();
    Link.closeQuietly(door.channel());
  }
}
