package io.dropblock.spark.ring;

import java.nio.ByteBuffer;

/** Bytes for the next rank, some of which may not be there yet. */
interface Outbound {
  /** What can go now, in a direct buffer; empty when nothing can. */
  ByteBuffer ready();

  /** So many bytes of it have gone. */
  void sent(int bytes);

  /** Whether all have gone. */
  boolean allSent();

  /** Whether the next rank needs no more after these, and may be gone once it has them. */
  boolean last();
}
