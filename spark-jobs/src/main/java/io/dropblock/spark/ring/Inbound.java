package io.dropblock.spark.ring;

import java.nio.ByteBuffer;

/** Bytes from the previous rank. */
interface Inbound {
  /** Where the next bytes go, a direct buffer; only asked while more are to come. */
  ByteBuffer room();

  /** So many bytes have come into it. */
  void received(int bytes);

  /** Whether all have come. */
  boolean allReceived();
}
