package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The way of bytes from the connection of the previous rank. Never waits. */
sealed interface Receiver permits ClearReceiver, SealedReceiver {
  SocketChannel channel();

  /**
   * Gives what has come.
   *
   * @param room where it goes, from its position, which moves; not full
   * @return bytes that were put there; 0 where none can be given yet, -1 at the end of the
   *     connection
   * @throws IOException also if what came is not what the previous rank sent
   */
  int give(ByteBuffer room) throws IOException;

  /** Bytes that have come so far, with all that was added to them. */
  long received();
}
