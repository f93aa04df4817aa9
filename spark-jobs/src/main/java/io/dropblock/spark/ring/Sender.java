package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The way of bytes onto the connection to the next rank. Never waits. */
sealed interface Sender permits ClearSender, SealedSender {
  SocketChannel channel();

  /**
   * Takes as many bytes as it can.
   *
   * @param bytes from their position, which moves; may be empty
   * @return how many it took; the caller may change them from then on
   */
  int take(ByteBuffer bytes) throws IOException;

  /** Whether some of what it took has not left yet: then {@link #take} goes on with it. */
  boolean holdsBack();

  /** Bytes that have left so far, with all that was added to them. */
  long sent();
}
