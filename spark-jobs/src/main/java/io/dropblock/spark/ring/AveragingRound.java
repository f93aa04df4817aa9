package io.dropblock.spark.ring;

import java.nio.ByteBuffer;

/**
 * One averaging, as a ring reduce-scatter and all-gather (Patarasu and Yuan, 2009). In step t rank
 * r sends segment r - t and receives segment r - t - 1, which it sends in step t + 1. In the first
 * world - 1 steps it adds what comes; the last of these completes a sum, of which it is the owner
 * and takes the mean; after that it keeps what comes. A byte goes on as soon as it is summed: steps
 * overlap.
 */
final class AveragingRound implements Outbound, Inbound {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final Elements elements;
  private final int world;
  private final int chunk;
  private final ByteBuffer array;
  private final ByteBuffer staging;
  private final ByteBuffer outgoing;
  private final Lap out;
  private final Lap in;

  /** Bytes in the staging buffer that are summed. */
  private int taken;

  /**
   * @param array from its position to its limit
   * @param buffers of the ring
   */
  AveragingRound(Elements elements, int rank, int world, ByteBuffer array, RoundBuffers buffers) {
    this.elements = elements;
    this.world = world;
    this.array = array.slice();
    this.staging = buffers.staging().clear();
    this.outgoing = buffers.outgoing().clear().limit(0);
    this.chunk = staging.capacity();
    this.out = new Lap(elements, world, rank);
    this.in = new Lap(elements, world, rank - 1);
  }

  @Override
  public boolean allSent() {
    return out.finished();
  }

  @Override
  public boolean last() {
    return true;
  }

  @Override
  public boolean allReceived() {
    return in.finished();
  }

  @Override
  public ByteBuffer ready() {
    if (out.finished()) {
      return NOTHING;
    }
    if (elements instanceof RoundedElements rounded) {
      return rounded(rounded);
    }
    int length = Math.min(sendable(), chunk);
    int begin = out.position();
    return array.limit(begin + length).position(begin);
  }

  private ByteBuffer rounded(RoundedElements rounded) {
    if (!outgoing.hasRemaining()) {
      int count = Math.min(sendable(), chunk) / elements.wireBytes();
      outgoing.clear();
      rounded.give(out.element(), count, outgoing.asShortBuffer());
      outgoing.limit(count * elements.wireBytes());
    }
    return outgoing;
  }

  /** Bytes of the outgoing segment that are summed, or were this rank's from the start. */
  private int sendable() {
    if (out.step() == 0 || in.step() >= out.step()) {
      return out.left();
    }
    return in.step() == out.step() - 1 ? in.done() - out.done() : 0;
  }

  @Override
  public void sent(int bytes) {
    out.advance(bytes);
  }

  @Override
  public ByteBuffer room() {
    if (kept()) {
      int begin = in.position();
      return array.limit(begin + Math.min(in.left(), chunk)).position(begin);
    }
    if (staging.position() == 0) {
      staging.limit(Math.min(in.left(), chunk));
    }
    return staging;
  }

  /** Whether the incoming bytes are final and can go where they belong. */
  private boolean kept() {
    return in.step() >= world - 1 && !(elements instanceof RoundedElements);
  }

  @Override
  public void received(int bytes) {
    if (kept()) {
      in.advance(bytes);
      return;
    }
    int size = elements.wireBytes();
    int count = (staging.position() - taken) / size;
    int from = taken / size;
    if (in.step() >= world - 1) {
      ((RoundedElements) elements).take(in.element(), from, count);
    } else if (in.step() == world - 2) {
      elements.addAndDivide(in.element(), from, count, world);
    } else {
      elements.add(in.element(), from, count);
    }
    taken += count * size;
    if (!staging.hasRemaining()) {
      staging.clear();
      taken = 0;
    }
    in.advance(count * size);
  }
}
