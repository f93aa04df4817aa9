package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.util.Locale;

/** What {@link Ring#gather(byte[])} carries, between arrays and direct buffers. */
final class Message {
  private Message() {}

  static void requireShort(byte[] message) {
    if (message.length > Ring.LONGEST_MESSAGE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot gather %d bytes: a message has at most %d",
              message.length,
              Ring.LONGEST_MESSAGE));
    }
  }

  static ByteBuffer copy(byte[] message, ByteBuffer buffer) {
    return buffer.clear().put(message).flip();
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
