package io.dropblock.spark.ring;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Options of the sockets. */
final class SocketTuning {
  private static final int BUFFER_BYTES = Integer.getInteger("ring.buffer", 4 << 20);

  private SocketTuning() {}

  static void listening(ServerSocketChannel door) throws IOException {
    // Else a port of a small range stays taken for a minute after a run
    door.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    if (BUFFER_BYTES > 0) {
      door.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    }
  }

  static void connection(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    if (BUFFER_BYTES > 0) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    }
  }
}
