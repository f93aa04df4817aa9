package io.dropblock.spark.ring;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Options of the sockets. The sizes of their buffers are left to the kernel, which lets them grow
 * to 4 MB and more: a size that is asked for ends that, and is cut down to {@code
 * net.core.rmem_max}, by default 208 kB. Buffers of 4 MB were no faster on loopback.
 */
final class SocketTuning {
  private SocketTuning() {}

  static void listening(ServerSocketChannel door) throws IOException {
    // Else a port of a small range stays taken for a minute after a run
    door.setOption(StandardSocketOptions.SO_REUSEADDR, true);
  }

  static void connection(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }
}
