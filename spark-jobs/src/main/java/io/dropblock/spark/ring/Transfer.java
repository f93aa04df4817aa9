package io.dropblock.spark.ring;

import java.nio.ByteBuffer;

/**
 * A buffer that goes out, or is filled, from its position to its limit.
 *
 * @param last whether the call ends with it
 */
record Transfer(ByteBuffer buffer, boolean last) implements Outbound, Inbound {
  @Override
  public ByteBuffer ready() {
    return buffer;
  }

  @Override
  public void sent(int bytes) {}

  @Override
  public boolean allSent() {
    return !buffer.hasRemaining();
  }

  @Override
  public ByteBuffer room() {
    return buffer;
  }

  @Override
  public void received(int bytes) {}

  @Override
  public boolean allReceived() {
    return !buffer.hasRemaining();
  }
}
