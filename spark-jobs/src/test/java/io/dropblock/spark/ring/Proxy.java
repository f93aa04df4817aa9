package io.dropblock.spark.ring;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sits between a rank and the next one, hears all that goes by, and may pass on something else.
 * What goes by comes in units: hello, proof, and then the frames, or in the clear pieces of any
 * length.
 */
final class Proxy implements AutoCloseable {
  static final int HELLO = 0;
  static final int PROOF = 1;

  /** The unit of the first frame. */
  static final int FRAMES = 2;

  private static final int PIECE = 1 << 14;

  /** What is passed on in place of a unit. */
  interface Tampering {
    Tampering NONE = (proxy, unit, bytes) -> List.of(bytes);

    /**
     * @return in this order; null to cut the connection
     */
    List<byte[]> instead(Proxy proxy, int unit, byte[] bytes) throws Exception;
  }

  private final ServerSocket door;
  private final InetSocketAddress target;
  private final boolean frames;
  private final Tampering forth;
  private final Tampering back;
  private final List<byte[]> heard = new CopyOnWriteArrayList<>();
  private Socket caller;
  private Socket listener;

  /**
   * @param target the port of the rank behind
   * @param frames whether what follows the handshake is frames
   * @param forth changes what the rank before sends
   * @param back changes what the rank behind answers
   */
  Proxy(InetSocketAddress target, boolean frames, Tampering forth, Tampering back)
      throws IOException {
    this.target = target;
    this.frames = frames;
    this.forth = forth;
    this.back = back;
    this.door = new ServerSocket(0, 1, Ranks.LOOPBACK);
    run(this::serve);
  }

  /** Puts one in front of a rank. */
  static Proxy before(int rank, Ranks ranks, Tampering forth, Tampering back) throws IOException {
    boolean frames = ranks.settings.encryption() == Encryption.ON;
    Proxy proxy = new Proxy(ranks.ports.get(rank).address(), frames, forth, back);
    ranks.detours.put(rank, (InetSocketAddress) proxy.door.getLocalSocketAddress());
    return proxy;
  }

  /** The units that the rank before sent, as it sent them. */
  List<byte[]> heard() {
    return List.copyOf(heard);
  }

  /** Sends something to the rank before. */
  void answer(byte[] bytes) throws IOException {
    caller.getOutputStream().write(bytes);
  }

  private void serve() throws Exception {
    caller = door.accept();
    listener = new Socket();
    listener.connect(target);
    caller.setTcpNoDelay(true);
    listener.setTcpNoDelay(true);
    run(() -> pump(listener, caller, false, back));
    pump(caller, listener, frames, forth);
  }

  private void pump(Socket from, Socket to, boolean framed, Tampering tampering) throws Exception {
    DataInputStream in = new DataInputStream(from.getInputStream());
    for (int unit = 0; ; unit++) {
      byte[] bytes = read(in, unit, framed);
      if (from == caller) {
        heard.add(bytes.clone());
      }
      List<byte[]> instead = tampering.instead(this, unit, bytes);
      if (instead == null) {
        close();
        return;
      }
      for (byte[] one : instead) {
        to.getOutputStream().write(one);
      }
    }
  }

  private static byte[] read(DataInputStream in, int unit, boolean framed) throws IOException {
    if (unit < FRAMES) {
      byte[] bytes = new byte[unit == HELLO ? Hello.BYTES : RingKey.PROOF_BYTES];
      in.readFully(bytes);
      return bytes;
    }
    if (framed) {
      int length = in.readInt();
      byte[] bytes = new byte[Integer.BYTES + length + 16];
      in.readFully(ByteBuffer.wrap(bytes).putInt(length).array(), Integer.BYTES, length + 16);
      return bytes;
    }
    byte[] piece = new byte[PIECE];
    int count = in.read(piece);
    if (count < 0) {
      throw new IOException("the end");
    }
    return Arrays.copyOf(piece, count);
  }

  private interface Work {
    void run() throws Exception;
  }

  /** An end of one connection is that of both. */
  private void run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                close();
              }
            },
            "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    Link.closeQuietly(door);
    Link.closeQuietly(caller);
    Link.closeQuietly(listener);
  }
}
