package io.dropblock.spark.bench.averaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor of a ring of two processes: each sends the bytes of a round to the other and receives
 * as many at the same time, with two threads that do nothing else.
 */
public final class LoopbackTransfer {
  private static final int BUFFER_BYTES = 4 << 20;

  private LoopbackTransfer() {}

  /** Milliseconds of each transfer. */
  public static double[] milliseconds(AveragingCase of) {
    return Pair.milliseconds(LoopbackTransfer.class, of);
  }

  /** A process of the measurement. */
  public static void main(String[] arguments) throws IOException {
    Side side = Side.from(arguments);
    ExecutorService sender =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "sender");
              thread.setDaemon(true);
              return thread;
            });
    try (ServerSocketChannel door = ServerSocketChannel.open()) {
      door.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
      door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) door.getLocalAddress()).getPort();
      List<InetSocketAddress> addresses = side.exchange(port);
      try (SocketChannel out = connect(addresses.get(1 - side.rank()));
          SocketChannel in = door.accept()) {
        ByteBuffer source = Side.touched(side.of().bytesEachWay());
        ByteBuffer target = Side.touched(side.of().bytesEachWay());
        side.measure(() -> transfer(sender, out, source.clear(), in, target.clear()));
      }
    }
  }

  private static SocketChannel connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    channel.connect(address);
    return channel;
  }

  private static void transfer(
      ExecutorService sender,
      SocketChannel out,
      ByteBuffer source,
      SocketChannel in,
      ByteBuffer target)
      throws IOException {
    Future<?> sent =
        sender.submit(
            () -> {
              try {
                while (source.hasRemaining()) {
                  out.write(source);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    while (target.hasRemaining()) {
      if (in.read(target) < 0) {
        throw new IOException("Cannot transfer: the other side is gone");
      }
    }
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IOException("Cannot transfer: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot transfer: interrupted", e);
    }
  }
}
