package io.dropblock.spark.preflight.reach;

import io.dropblock.spark.data.DataException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A rank that calls others: all of them first, side by side, then it sends bytes to one after the
 * other as long as there is time.
 *
 * @param nonce that they know
 * @param limit for all of it
 */
public record CallingRank(UUID nonce, Duration limit) {
  private static final int CONNECT_MILLIS = 2000;
  private static final long MOST_BYTES = 8L << 20;
  private static final long MOST_NANOS = 1_000_000_000L;
  private static final int CHUNK = 1 << 18;

  /**
   * Calls.
   *
   * @param addresses by rank
   */
  public List<Call> call(Map<Integer, InetSocketAddress> addresses) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<Integer, Socket> open = new ConcurrentHashMap<>();
    Map<Integer, Call> failed = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    addresses.forEach(
        (rank, address) -> {
          Thread thread =
              new Thread(
                  () -> {
                    try {
                      open.put(rank, connect(rank, address));
                    } catch (IOException e) {
                      failed.put(rank, new Call(rank, reason(e), 0, 0));
                    }
                  },
                  "check-call-" + rank);
          thread.setDaemon(true);
          thread.start();
          threads.add(thread);
        });
    for (Thread thread : threads) {
      thread.join();
    }
    Map<Integer, Call> all = new TreeMap<>(failed);
    new TreeMap<>(open).forEach((rank, socket) -> all.put(rank, send(rank, socket, deadline)));
    return List.copyOf(all.values());
  }

  private Socket connect(int rank, InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, CONNECT_MILLIS);
      socket.setSoTimeout(CONNECT_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeLong(nonce.getMostSignificantBits());
      out.writeLong(nonce.getLeastSignificantBits());
      out.flush();
      int answer = new DataInputStream(socket.getInputStream()).readInt();
      if (answer != rank) {
        throw new IOException("rank " + answer + " answers there");
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Call send(int rank, Socket open, long deadline) {
    try (Socket socket = open) {
      byte[] chunk = new byte[CHUNK];
      OutputStream out = socket.getOutputStream();
      long begin = System.nanoTime();
      long end = Math.min(deadline, begin + MOST_NANOS);
      long sent = 0;
      while (sent < MOST_BYTES && System.nanoTime() < end) {
        out.write(chunk);
        sent += chunk.length;
      }
      socket.shutdownOutput();
      // what is still in the buffers of a slow network has to arrive
      socket.setSoTimeout(2 * CONNECT_MILLIS);
      long counted = new DataInputStream(socket.getInputStream()).readLong();
      if (counted != sent) {
        return new Call(rank, "of " + sent + " bytes " + counted + " arrive", 0, 0);
      }
      return new Call(rank, "", sent, System.nanoTime() - begin);
    } catch (IOException e) {
      return new Call(rank, reason(e), 0, 0);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return "no answer within " + CONNECT_MILLIS / 1000 + " s";
    }
    return e instanceof java.io.EOFException ? "it hung up" : DataException.reason(e);
  }
}
