package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** A ring of two or more processes. Needs no thread of its own. */
final class SocketRing implements Ring {
  private static final int ANNOUNCEMENT_BYTES = 16;

  /** What a rank says before it sends anything. */
  private enum Call {
    FLOATS("averages floats"),
    DOUBLES("averages doubles"),
    SUM_OF_FLOATS("sums floats"),
    SUM_OF_DOUBLES("sums doubles"),
    GATHER("gathers");

    private final String text;

    Call(String text) {
      this.text = text;
    }
  }

  private final int rank;
  private final int world;
  private final WireFormat wire;
  private final Link link;
  private final RoundBuffers buffers;
  private final ByteBuffer ownAnnouncement = RoundBuffers.direct(ANNOUNCEMENT_BYTES);
  private final ByteBuffer announcement = RoundBuffers.direct(ANNOUNCEMENT_BYTES);
  private final ByteBuffer ownMessage = RoundBuffers.direct(LONGEST_MESSAGE);
  private final ByteBuffer message = RoundBuffers.direct(LONGEST_MESSAGE);

  private int calls;
  private volatile String end;

  private SocketRing(RingMembership me, Link link, WireFormat wire) {
    this.rank = me.rank();
    this.world = me.world();
    this.wire = wire;
    this.link = link;
    this.buffers = RoundBuffers.of(wire);
  }

  /** A ring whose ranks have all met. */
  static SocketRing gathered(RingMembership me, Link link, RingSettings settings, long deadline) {
    SocketRing ring = new SocketRing(me, link, settings.wire());
    link.waitUpTo(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    ring.gather("meet", new byte[0]);
    link.waitUpTo(settings.silence());
    return ring;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int world() {
    return world;
  }

  @Override
  public void averageFloats(ByteBuffer array) {
    Elements.require("average", array, Float.BYTES);
    Elements elements =
        wire == WireFormat.BFLOAT16
            ? new RoundedElements(array, buffers.staging())
            : new FloatElements(array, buffers.staging());
    average(Call.FLOATS, array, elements);
  }

  @Override
  public void averageDoubles(ByteBuffer array) {
    Elements.require("average", array, Double.BYTES);
    average(Call.DOUBLES, array, new DoubleElements(array, buffers.staging()));
  }

  private void average(Call call, ByteBuffer array, Elements elements) {
    round(
        "average",
        call,
        elements.count(),
        () -> new AveragingRound(elements, rank, world, array, buffers));
  }

  @Override
  public void sumFloats(List<ByteBuffer> own) {
    Summands.require(own, Float.BYTES);
    sum(Call.SUM_OF_FLOATS, own, new FloatSummands(own, buffers.staging()));
  }

  @Override
  public void sumDoubles(List<ByteBuffer> own) {
    Summands.require(own, Double.BYTES);
    sum(Call.SUM_OF_DOUBLES, own, new DoubleSummands(own, buffers.staging()));
  }

  private void sum(Call call, List<ByteBuffer> own, Summands summands) {
    ByteBuffer last = own.get(own.size() - 1);
    round(
        "sum",
        call,
        summands.count(),
        () -> new ChainRound(summands, rank, world, last, buffers.staging()));
  }

  private <R extends Outbound & Inbound> void round(
      String what, Call call, int count, Supplier<R> rounds) {
    guarded(
        what,
        () -> {
          long theirs = announce(what, call, count, true);
          if (theirs != count) {
            throw new RingException(
                String.format(
                    Locale.ROOT,
                    "Cannot %s %d elements with %s: it has %d",
                    what,
                    count,
                    link.previous(),
                    theirs));
          }
          R round = rounds.get();
          link.exchange(what, round, round);
        });
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    return gather("gather", own);
  }

  private List<byte[]> gather(String what, byte[] own) {
    Message.requireShort(own);
    byte[][] all = new byte[world][];
    all[rank] = own.clone();
    guarded(
        what,
        () -> {
          for (int step = 0; step < world - 1; step++) {
            byte[] sent = all[Math.floorMod(rank - step, world)];
            boolean last = step == world - 2;
            int length = (int) announce(what, Call.GATHER, sent.length, last);
            Transfer out = new Transfer(Message.copy(sent, ownMessage), last);
            link.exchange(what, out, new Transfer(message.clear().limit(length), last));
            all[Math.floorMod(rank - step - 1, world)] = Message.bytes(message);
          }
        });
    return List.copyOf(Arrays.asList(all));
  }

  /** Tells the next rank what comes, and hears it from the previous one. */
  private long announce(String what, Call call, long size, boolean lastStep) {
    calls++;
    ownAnnouncement.clear().putInt(call.ordinal()).putInt(calls).putLong(size).flip();
    announcement.clear();
    Transfer out = new Transfer(ownAnnouncement, lastStep && size == 0);
    link.exchange(what, out, new Transfer(announcement, false));
    announcement.flip();
    int theirCall = announcement.getInt();
    int theirCalls = announcement.getInt();
    long theirSize = announcement.getLong();
    if (theirCall != call.ordinal() || theirCalls != calls) {
      throw new RingException(
          String.format(
              Locale.ROOT,
              "Cannot %s with %s: it %s in its call %d, this rank %s in its call %d",
              what,
              link.previous(),
              text(theirCall),
              theirCalls,
              call.text,
              calls));
    }
    if (theirSize < 0 || call == Call.GATHER && theirSize > LONGEST_MESSAGE) {
      throw new RingException(
          String.format(
              Locale.ROOT,
              "Cannot %s with %s: it announces %d bytes",
              what,
              link.previous(),
              theirSize));
    }
    return theirSize;
  }

  private static String text(int call) {
    return call >= 0 && call < Call.values().length ? Call.values()[call].text : "is confused";
  }

  private void guarded(String what, Runnable work) {
    if (end != null) {
      throw new RingException("Cannot " + what + ": " + end);
    }
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      if (end != null) {
        // Closed by another thread, which shows as one of several errors
        throw new RingException("Cannot " + what + ": " + end, e);
      }
      end("the ring broke before (" + e.getMessage() + ")");
      throw e;
    }
  }

  private void end(String reason) {
    if (end == null) {
      end = reason;
    }
    link.close();
  }

  @Override
  public long bytesSent() {
    return link.bytesSent();
  }

  @Override
  public long bytesReceived() {
    return link.bytesReceived();
  }

  @Override
  public long nanosWaited() {
    return link.nanosWaited();
  }

  @Override
  public void close() {
    end("the ring was closed");
  }
}
