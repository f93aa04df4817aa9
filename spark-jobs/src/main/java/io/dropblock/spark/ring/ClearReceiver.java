package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Receives bytes as they are. */
final class ClearReceiver implements Receiver {
  private final SocketChannel channel;
  private long received;

  ClearReceiver(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int give(ByteBuffer room) throws IOException {
    int count = channel.read(room);
    received += Math.max(0, count);
    return count;
  }

  @Override
  public long received() {
    return received;
  }
}
