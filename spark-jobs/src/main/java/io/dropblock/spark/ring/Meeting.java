package io.dropblock.spark.ring;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How a rank finds its two neighbours: one loop that calls the next and hears all who call. */
final class Meeting implements AutoCloseable {
  /** A port that is closed will not open again, but a network may need a moment. */
  private static final int CALLS = 5;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final RingMembership me;
  private final RingKey key;
  private final Neighbour next;
  private final Neighbour previous;
  private final RingSettings settings;
  private final long deadline;
  private final Selector selector;
  private final Guests guests;

  private SocketChannel calling;
  private Handshake call;
  private int calls;
  private long callAgainAt;
  private boolean nextMet;

  Meeting(
      ServerSocketChannel door,
      RingMembership me,
      Neighbour next,
      Neighbour previous,
      RingSettings settings,
      long deadline) {
    this.me = me;
    this.key = new RingKey(me, settings.encryption() == Encryption.ON);
    this.next = next;
    this.previous = previous;
    this.settings = settings;
    this.deadline = deadline;
    try {
      this.selector = Selector.open();
      this.guests = new Guests(door, selector, me, key, settings);
    } catch (IOException e) {
      throw new RingException("Cannot meet " + previous + ": " + RingException.reason(e), e);
    }
  }

  Link meet() {
    callAgainAt = System.nanoTime();
    while (!nextMet || !guests.neighbourMet()) {
      long now = System.nanoTime();
      if (now - deadline >= 0) {
        throw late();
      }
      if (calling == null && now - callAgainAt >= 0) {
        dial();
        continue;
      }
      await(now);
      if (nextIsUp()) {
        advanceCall();
      }
      guests.advance();
    }
    try {
      Link link = new Link(call.sender(), next, guests.neighbour(), previous);
      calling = null;
      guests.release();
      return link;
    } catch (IOException e) {
      throw new RingException("Cannot meet " + previous + ": " + RingException.reason(e), e);
    }
  }

  private void await(long now) {
    long wakeAt = guests.nextDeadline(deadline);
    if (calling == null && callAgainAt - wakeAt < 0) {
      wakeAt = callAgainAt;
    }
    try {
      selector.selectedKeys().clear();
      selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wakeAt - now) + 1));
    } catch (IOException e) {
      throw new RingException("Cannot meet " + previous + ": " + RingException.reason(e), e);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new RingException(
          String.format(Locale.ROOT, "Cannot meet %s and %s: interrupted", previous, next));
    }
  }

  private void dial() {
    if (next.address().isUnresolved()) {
      throw new RingException("meet", next, "unknown host");
    }
    try {
      calls++;
      calling = SocketChannel.open();
      SocketTuning.connection(calling);
      if (calling.connect(next.address())) {
        greet();
      } else {
        calling.register(selector, SelectionKey.OP_CONNECT);
      }
    } catch (ConnectException e) {
      hangUp(e);
    } catch (IOException e) {
      throw new RingException("meet", next, RingException.reason(e), e);
    }
  }

  private void greet() throws IOException {
    call = Handshake.call(calling, me, key, settings.wire());
    calling.register(selector, SelectionKey.OP_READ);
  }

  private boolean nextIsUp() {
    return calling != null
        && !nextMet
        && selector.selectedKeys().contains(calling.keyFor(selector));
  }

  private void advanceCall() {
    try {
      if (call == null) {
        calling.finishConnect();
        greet();
      } else if (call.advance()) {
        nextMet = true;
        calling.keyFor(selector).cancel();
      }
    } catch (ConnectException e) {
      hangUp(e);
    } catch (IOException e) {
      throw new RingException("meet", next, RingException.reason(e), e);
    } catch (RefusedException e) {
      throw new RingException("meet", next, e.getMessage(), e);
    }
  }

  private void hangUp(ConnectException e) {
    Link.closeQuietly(calling);
    calling = null;
    callAgainAt = System.nanoTime() + PAUSE_NANOS;
    if (calls == CALLS) {
      throw new RingException("meet", next, RingException.reason(e), e);
    }
  }

  private RingException late() {
    String nextIs = call == null ? "it cannot be reached" : "it does not answer";
    if (guests.neighbourMet()) {
      return new RingException("meet", next, nextIs);
    }
    String previousIs = "it has not called" + guests.refusals();
    return new RingException(
        "meet",
        previous,
        nextMet
            ? previousIs
            : String.format(Locale.ROOT, "%s, nor %s: %s", previousIs, next, nextIs));
  }

  @Override
  public void close() {
    guests.close();
    Link.closeQuietly(calling);
    Link.closeQuietly(selector);
  }
}
