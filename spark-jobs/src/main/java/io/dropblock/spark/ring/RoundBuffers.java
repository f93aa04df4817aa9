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
  /**
   * The most that is sent or received at a time. Of 64 kB to 4 MB, 1 MB was as fast as any on
   * loopback, and the times varied least.
   */
  private static final int CHUNK_BYTES = 1 << 20;

  static RoundBuffers of(WireFormat wire) {
    return new RoundBuffers(
        direct(CHUNK_BYTES), direct(wire == WireFormat.BFLOAT16 ? CHUNK_BYTES : 0));
  }

  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
