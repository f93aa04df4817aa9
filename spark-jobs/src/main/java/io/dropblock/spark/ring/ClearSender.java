package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Sends bytes as they are. */
final class ClearSender implements Sender {
  private final SocketChannel channel;
  private long sent;

  ClearSender(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int take(ByteBuffer bytes) throws IOException {
    int count = channel.write(bytes);
    sent += count;
    return count;
  }

  @Override
  public boolean holdsBack() {
    return false;
  }

  @Override
  public long sent() {
    return sent;
  }
}
