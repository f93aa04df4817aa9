package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The direct memory of a ring, allocated once.
 *
 * @param staging where what is to be summed arrives
 * @param outgoing where rounded values wait; empty in a ring that sends exact ones
 */
record RoundBuffers(ByteBuffer staging, ByteBuffer outgoing) {
  /** The most that is sent or received at a time: what is summed is still in the second cache. */
  private static final int CHUNK_BYTES = Integer.getInteger("ring.chunk", 256 << 10);

  static RoundBuffers of(WireFormat wire) {
    return new RoundBuffers(
        direct(CHUNK_BYTES), direct(wire == WireFormat.BFLOAT16 ? CHUNK_BYTES : 0));
  }

  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
