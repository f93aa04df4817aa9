package io.dropblock.spark.ring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** Somebody who calls the port of a rank. */
final class Stranger implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket = new Socket();

  private Stranger() {}

  static Stranger calling(InetSocketAddress port) throws IOException {
    Stranger stranger = new Stranger();
    stranger.socket.setSoTimeout(PATIENCE_MILLIS);
    stranger.socket.connect(port);
    return stranger;
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  Stranger says(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Says hello as a member. */
  Stranger says(RingMembership who) throws IOException {
    return says(Hello.of(who, new RingKey(who, false), WireFormat.EXACT).array());
  }

  byte[] hears(int bytes) throws IOException {
    return socket.getInputStream().readNBytes(bytes);
  }

  /** Waits until the other side hangs up. */
  void awaitEnd() throws IOException {
    try (InputStream in = socket.getInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      // Reset is an end, too
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
