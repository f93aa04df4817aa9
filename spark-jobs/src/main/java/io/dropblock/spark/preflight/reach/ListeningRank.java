package io.dropblock.spark.preflight.reach;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.ring.PortRange;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A rank that others call: it says who it is, takes all that a caller sends, and tells how many
 * bytes that were. Who does not know the nonce is dropped.
 */
public final class ListeningRank implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int BUFFER = 1 << 16;
  private static final int HEADER_MILLIS = 2000;

  private final ServerSocket door;
  private final int rank;
  private final UUID nonce;
  private final CountDownLatch callers;
  private final Duration limit;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "check-connections");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Begins to answer.
   *
   * @param door listens
   * @param callers how many there will be
   * @param limit how long each may take
   */
  public ListeningRank(ServerSocket door, int rank, UUID nonce, int callers, Duration limit) {
    this.door = door;
    this.rank = rank;
    this.nonce = nonce;
    this.callers = new CountDownLatch(callers);
    this.limit = limit;
    threads.execute(this::listen);
  }

  /**
   * Listens on the first free port of a range, as the ring does.
   *
   * @throws IOException if none is free
   */
  public static ServerSocket open(InetAddress host, PortRange ports) throws IOException {
    IOException last = null;
    for (int port = ports.first(); port <= ports.last(); port++) {
      ServerSocket door = new ServerSocket();
      try {
        door.bind(new InetSocketAddress(host, port), BACKLOG);
        return door;
      } catch (BindException e) {
        last = e;
        door.close();
      } catch (IOException e) {
        door.close();
        throw e;
      }
    }
    throw new IOException(
        "cannot listen on "
            + host.getHostAddress()
            + ", "
            + ports
            + ": none is free ("
            + DataException.reason(last)
            + ")",
        last);
  }

  private void listen() {
    while (!door.isClosed()) {
      try {
        Socket guest = door.accept();
        threads.execute(() -> answer(guest));
      } catch (IOException e) {
        // closed, or a guest that went again
        continue;
      }
    }
  }

  private void answer(Socket guest) {
    try (guest) {
      guest.setSoTimeout(HEADER_MILLIS);
      DataInputStream in = new DataInputStream(guest.getInputStream());
      if (in.readLong() != nonce.getMostSignificantBits()
          || in.readLong() != nonce.getLeastSignificantBits()) {
        return;
      }
      DataOutputStream out = new DataOutputStream(guest.getOutputStream());
      out.writeInt(rank);
      out.flush();
      guest.setSoTimeout((int) limit.toMillis());
      byte[] buffer = new byte[BUFFER];
      long all = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        all += read;
      }
      out.writeLong(all);
      out.flush();
      callers.countDown();
    } catch (IOException e) {
      // the caller tells of it
      return;
    }
  }

  /** Waits until all have called, at most so long. */
  public void await(Duration most) throws InterruptedException {
    callers.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      door.close();
    } catch (IOException e) {
      // it hears nobody any more, either way
      return;
    }
  }
}
