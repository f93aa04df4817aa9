package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The ranks that average or sum together. All of them make the same calls in the same order; each
 * call returns when this rank has its result. Not for several threads, but {@link #close} may come
 * from another one and ends a call that waits.
 *
 * <p>Every call throws {@link RingException} where a neighbour is silent for too long, breaks its
 * connection or makes another call. The ring is closed then, so that the others fail soon, too.
 */
public sealed interface Ring extends AutoCloseable permits LoneRing, SocketRing {
  /** The longest message of {@link #gather(byte[])}, in bytes. */
  int LONGEST_MESSAGE = 1 << 16;

  /** The ring of a world of 1: nothing to connect to, nothing to do. */
  static Ring alone() {
    return new LoneRing();
  }

  /** 0 to world - 1. */
  int rank();

  /** Number of ranks. */
  int world();

  /**
   * Replaces floats by their mean over the ranks, the same bits on each of them. The order of the
   * sum depends on the ranks' numbers only.
   *
   * @param array direct, in native byte order; the floats from its position to its limit, both of
   *     which stay
   */
  void averageFloats(ByteBuffer array);

  /**
   * Replaces doubles by their mean over the ranks, as {@link #averageFloats} does.
   *
   * @param array direct, in native byte order; the doubles from its position to its limit
   */
  void averageDoubles(ByteBuffer array);

  /**
   * Adds up floats of all ranks, array by array: those of rank 0 in the order of its list, then
   * those of rank 1, each array to the sum of all before it. So the bits of the sum depend on the
   * arrays and not on which rank has which of them. They travel as they are, whatever the {@link
   * WireFormat}.
   *
   * @param own at least one, all ranks' of one length, each as {@link #averageFloats} takes it. The
   *     sum is left in the last one, the same bits on each rank
   */
  void sumFloats(List<ByteBuffer> own);

  /**
   * Adds up doubles of all ranks, as {@link #sumFloats} does.
   *
   * @param own at least one, all ranks' of one length, each as {@link #averageDoubles} takes it
   */
  void sumDoubles(List<ByteBuffer> own);

  /**
   * Tells every rank something short.
   *
   * @param message of this rank, up to {@link #LONGEST_MESSAGE} bytes, may be empty
   * @return one of each rank, in the order of ranks
   */
  List<byte[]> gather(byte[] message);

  /**
   * Tells every rank a number.
   *
   * @return one of each rank, in the order of ranks
   */
  default long[] gather(long value) {
    return gather(ByteBuffer.allocate(Long.BYTES).putLong(value).array()).stream()
        .mapToLong(message -> ByteBuffer.wrap(message).getLong())
        .toArray();
  }

  /** Bytes that this rank has sent so far, with what encryption adds, handshakes left out. */
  long bytesSent();

  /** Bytes that this rank has received so far, with what encryption adds, handshakes left out. */
  long bytesReceived();

  /**
   * Nanoseconds that this rank has waited so far until it could send or receive: for slower ranks,
   * and for the network.
   */
  long nanosWaited();

  /** Closes the connections. Harmless when called again. */
  @Override
  void close();
}
