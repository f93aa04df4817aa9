package io.dropblock.bench.averaging;

import io.dropblock.bench.process.Parent;
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
 * The floor of a ring: each process sends the bytes of a round to the next one and receives as many
 * from the previous one at the same time, with two threads that do nothing else.
 */
public final class LoopbackTransfer {
  private static final int BUFFER_BYTES = 4 << 20;

  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "sender");
            thread.setDaemon(true);
            return thread;
          });
  private final SocketChannel out;
  private final SocketChannel in;
  private final ByteBuffer source;
  private final ByteBuffer target;
  private long sent;

  private LoopbackTransfer(SocketChannel out, SocketChannel in, long bytes) {
    this.out = out;
    this.in = in;
    source = Rounds.touched(bytes);
    target = Rounds.touched(bytes);
  }

  /** Measures it in as many JVMs as the plan has ranks. */
  static RoundsFigure measure(AveragingPlan plan) {
    return Processes.measure(LoopbackTransfer.class, plan, false);
  }

  /** A process of the measurement. */
  public static void main(String[] arguments) {
    Parent.serve(arguments, RoundsJob.class, (job, parent) -> run(job, new Rounds(job, parent)));
  }

  private static void run(RoundsJob job, Rounds rounds) throws Exception {
    try (ServerSocketChannel door = ServerSocketChannel.open()) {
      door.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
      door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) door.getLocalAddress()).getPort();
      List<InetSocketAddress> addresses = rounds.exchange(port);
      try (SocketChannel out = connect(addresses.get((job.rank() + 1) % job.world()));
          SocketChannel in = door.accept()) {
        LoopbackTransfer transfer = new LoopbackTransfer(out, in, job.bytesEachWay());
        rounds.measure(transfer::round, () -> transfer.sent);
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

  private void round() throws IOException {
    Future<?> sending = sender.submit(this::send);
    target.clear();
    while (target.hasRemaining()) {
      if (in.read(target) < 0) {
        throw new IOException("Cannot transfer: the other side is gone");
      }
    }
    try {
      sending.get();
    } catch (ExecutionException e) {
      throw new IOException("Cannot transfer: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot transfer: interrupted", e);
    }
    sent += source.capacity();
  }

  private void send() {
    try {
      source.clear();
      while (source.hasRemaining()) {
        out.write(source);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
