package io.dropblock.spark.ring;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The connections to both neighbours. Sends to one and receives from the other at the same time, in
 * the thread of the caller.
 */
final class Link implements AutoCloseable {
  private final Sender toNext;
  private final Neighbour next;
  private final Receiver fromPrevious;
  private final Neighbour previous;
  private final Selector selector;
  private final SelectionKey nextKey;
  private final SelectionKey previousKey;
  private final ByteBuffer nothing = ByteBuffer.allocateDirect(1);

  private long patience;
  private long lastSent;
  private long lastReceived;
  private volatile long bytesSent;
  private volatile long bytesReceived;
  private volatile long nanosWaited;

  Link(Sender toNext, Neighbour next, Receiver fromPrevious, Neighbour previous)
      throws IOException {
    this.toNext = toNext;
    this.next = next;
    this.fromPrevious = fromPrevious;
    this.previous = previous;
    this.selector = Selector.open();
    this.nextKey = toNext.channel().register(selector, 0);
    this.previousKey = fromPrevious.channel().register(selector, 0);
  }

  Neighbour previous() {
    return previous;
  }

  /** How long a neighbour may be silent. */
  void waitUpTo(Duration silence) {
    patience = silence.toNanos();
  }

  long bytesSent() {
    return bytesSent;
  }

  long bytesReceived() {
    return bytesReceived;
  }

  long nanosWaited() {
    return nanosWaited;
  }

  /**
   * Sends all of one and receives all of the other.
   *
   * @param what for messages: {@code average}
   */
  void exchange(String what, Outbound out, Inbound in) {
    lastSent = System.nanoTime();
    lastReceived = lastSent;
    while (true) {
      boolean sent = send(what, out);
      boolean received = !in.allReceived() && receive(what, in);
      if (allLeft(out) && in.allReceived()) {
        return;
      }
      if (!sent && !received) {
        await(what, out, in);
      }
    }
  }

  private boolean allLeft(Outbound out) {
    return out.allSent() && !toNext.holdsBack();
  }

  /** Whether there is something that the next rank could take. */
  private boolean full(Outbound out) {
    return toNext.holdsBack() || out.ready().hasRemaining();
  }

  private boolean send(String what, Outbound out) {
    if (!full(out)) {
      lastSent = System.nanoTime();
      return false;
    }
    try {
      int count = toNext.take(out.ready());
      if (count > 0) {
        out.sent(count);
      }
      boolean moved = toNext.sent() > bytesSent;
      if (moved) {
        bytesSent = toNext.sent();
        lastSent = System.nanoTime();
      }
      return moved || count > 0;
    } catch (IOException e) {
      throw broken(what, next, e);
    }
  }

  private boolean receive(String what, Inbound in) {
    try {
      int count = fromPrevious.give(in.room());
      if (count < 0) {
        throw closed(what, previous);
      }
      if (fromPrevious.received() > bytesReceived) {
        bytesReceived = fromPrevious.received();
        lastReceived = System.nanoTime();
      }
      if (count > 0) {
        in.received(count);
      }
      return count > 0;
    } catch (IOException e) {
      throw broken(what, previous, e);
    }
  }

  private void await(String what, Outbound out, Inbound in) {
    boolean full = full(out);
    long now = System.nanoTime();
    long forPrevious = in.allReceived() ? Long.MAX_VALUE : patience - (now - lastReceived);
    long forNext = full ? patience - (now - lastSent) : Long.MAX_VALUE;
    if (forPrevious <= 0 || forNext <= 0) {
      // Who takes no bytes is to blame itself; who sends none may wait for another. Full buffers
      // still drip, so the time since the last byte left tells nothing
      Neighbour silent = full ? next : previous;
      throw new RingException(
          what + " with", silent, "silent for " + Guests.seconds(Duration.ofNanos(patience)));
    }
    previousKey.interestOps(in.allReceived() ? 0 : SelectionKey.OP_READ);
    // The next rank never sends: what can be read there is the end of the connection
    nextKey.interestOps(
        (allLeft(out) && out.last() ? 0 : SelectionKey.OP_READ)
            | (full ? SelectionKey.OP_WRITE : 0));
    try {
      selector.selectedKeys().clear();
      selector.select(TimeUnit.NANOSECONDS.toMillis(Math.min(forPrevious, forNext)) + 1);
      nanosWaited += System.nanoTime() - now;
      if (Thread.currentThread().isInterrupted()) {
        throw new RingException(
            String.format(Locale.ROOT, "Cannot %s with %s: interrupted", what, previous));
      }
      if (selector.selectedKeys().contains(nextKey) && nextKey.isReadable()) {
        lookForEnd(what);
      }
    } catch (IOException e) {
      throw broken(what, previous, e);
    }
  }

  private void lookForEnd(String what) {
    try {
      int count = toNext.channel().read(nothing.clear());
      if (count < 0) {
        throw closed(what, next);
      }
      if (count > 0) {
        throw new RingException(what + " with", next, "it sends backwards");
      }
    } catch (IOException e) {
      throw broken(what, next, e);
    }
  }

  private static RingException closed(String what, Neighbour neighbour) {
    return new RingException(what + " with", neighbour, "it closed the connection");
  }

  private static RingException broken(String what, Neighbour neighbour, IOException e) {
    return new RingException(what + " with", neighbour, RingException.reason(e), e);
  }

  @Override
  public void close() {
    closeQuietly(toNext.channel());
    closeQuietly(fromPrevious.channel());
    closeQuietly(selector);
  }

  /** For what is given up anyway. */
  static void closeQuietly(Closeable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (IOException e) {
      // There is nothing left to do with it
    }
  }
}
