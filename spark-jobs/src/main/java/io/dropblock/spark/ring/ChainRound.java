package io.dropblock.spark.ring;

import java.nio.ByteBuffer;

/**
 * One sum over the ranks, from rank to rank, so that its order is that of the arrays and not of the
 * ranks. Rank 0 sends the sum of its arrays; each other rank adds its own to what comes, one after
 * the other; the last one then has the sum and sends it to rank 0, from where it is handed on to
 * the last rank but one. So two streams of the array's length go over each connection, first a part
 * of the sum and then the sum itself, but over the one to the last rank, which needs the first
 * only, and the one from it, which carries the second. A byte goes on as soon as it is there.
 *
 * <p>The sum may take the place of what was summed here: a byte of it comes back only when the part
 * that it was made of has left.
 */
final class ChainRound implements Outbound, Inbound {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final Summands summands;
  private final ByteBuffer array;
  private final ByteBuffer staging;
  private final boolean first;

  /** Of one stream. */
  private final long bytes;

  private final long toSend;
  private final long toReceive;

  /** Bytes of both streams. */
  private long sent;

  /** Bytes of both streams; of the first stream those that this rank's arrays were added to. */
  private long received;

  /** Bytes in the staging buffer that are summed. */
  private int taken;

  /**
   * @param summands of this rank; those of rank 0 are added up here
   * @param array the last of them, from its position to its limit
   * @param staging where what is to be summed arrives
   */
  ChainRound(Summands summands, int rank, int world, ByteBuffer array, ByteBuffer staging) {
    this.summands = summands;
    this.array = array.slice();
    this.staging = staging.clear();
    this.first = rank == 0;
    this.bytes = array.remaining();
    this.toSend = rank < world - 2 ? 2 * bytes : bytes;
    this.toReceive = first || rank == world - 1 ? bytes : 2 * bytes;
    if (first) {
      summands.fold();
    }
  }

  @Override
  public boolean allSent() {
    return sent == toSend;
  }

  @Override
  public boolean last() {
    return true;
  }

  @Override
  public boolean allReceived() {
    return received == toReceive;
  }

  @Override
  public ByteBuffer ready() {
    if (allSent()) {
      return NOTHING;
    }
    int begin = (int) (sent % bytes);
    long there = Math.min(toSend, first ? bytes + received : received);
    long length = Math.min(there - sent, Math.min(bytes - begin, staging.capacity()));
    return array.limit(begin + (int) length).position(begin);
  }

  @Override
  public void sent(int count) {
    sent += count;
  }

  @Override
  public ByteBuffer room() {
    if (isSum()) {
      int begin = (int) (received % bytes);
      long length = Math.min(bytes - begin, staging.capacity());
      return array.limit(begin + (int) length).position(begin);
    }
    if (staging.position() == 0) {
      staging.limit((int) Math.min(bytes - received, staging.capacity()));
    }
    return staging;
  }

  /** Whether it is the sum that comes, and no longer a part of it. */
  private boolean isSum() {
    return first || received >= bytes;
  }

  @Override
  public void received(int count) {
    if (isSum()) {
      received += count;
      return;
    }
    int size = summands.bytes();
    int whole = (staging.position() - taken) / size;
    summands.foldOnto((int) (received / size), taken / size, whole);
    taken += whole * size;
    received += (long) whole * size;
    if (!staging.hasRemaining()) {
      staging.clear();
      taken = 0;
    }
  }
}
