package io.dropblock.spark.ring;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The port where a rank waits for its neighbour. Closed by the meeting. */
public final class RingPort implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final ServerSocketChannel door;
  private final InetSocketAddress address;

  private RingPort(ServerSocketChannel door, InetSocketAddress address) {
    this.door = door;
    this.address = address;
  }

  /**
   * Listens on the first free port of a range.
   *
   * @param bindTo this host, as the other ranks reach it
   * @param ports where to look
   * @throws RingException if none is free
   */
  public static RingPort open(InetAddress bindTo, PortRange ports) {
    IOException last = null;
    for (int port = ports.first(); port <= ports.last(); port++) {
      try {
        return open(new InetSocketAddress(bindTo, port));
      } catch (BindException e) {
        last = e;
      } catch (IOException e) {
        throw cannotOpen(bindTo, ports, e);
      }
    }
    throw cannotOpen(bindTo, ports, last);
  }

  private static RingPort open(InetSocketAddress address) throws IOException {
    ServerSocketChannel door = ServerSocketChannel.open();
    try {
      SocketTuning.listening(door);
      door.bind(address, BACKLOG);
      door.configureBlocking(false);
      return new RingPort(door, (InetSocketAddress) door.getLocalAddress());
    } catch (IOException | RuntimeException e) {
      door.close();
      throw e;
    }
  }

  private static RingException cannotOpen(InetAddress bindTo, PortRange ports, IOException cause) {
    return new RingException(
        String.format(
            Locale.ROOT,
            "Cannot listen on %s, %s: none is free (%s); widen the range",
            bindTo.getHostAddress(),
            ports,
            RingException.reason(cause)),
        cause);
  }

  /** What the other ranks have to know. */
  public InetSocketAddress address() {
    return address;
  }

  /** {@link #meet(RingMembership, List, Duration, RingSettings)} with the default settings. */
  public Ring meet(RingMembership me, List<InetSocketAddress> addresses, Duration timeout) {
    return meet(me, addresses, timeout, RingSettings.defaults());
  }

  /**
   * Connects to both neighbours and waits until all ranks have done so. Whoever calls and is not
   * the neighbour is dropped, with a warning in the log. Closes the port in any case.
   *
   * @param me who this rank is
   * @param addresses of the ports of all ranks, in the order of ranks
   * @param timeout for all of it
   * @param settings of the ring
   * @throws RingException naming the rank that could not be met
   */
  public Ring meet(
      RingMembership me,
      List<InetSocketAddress> addresses,
      Duration timeout,
      RingSettings settings) {
    RingSettings.requirePositive("time-out", timeout);
    if (addresses.size() != me.world()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot form a ring of %d ranks with %d addresses",
              me.world(),
              addresses.size()));
    }
    try (this) {
      if (me.world() == 1) {
        return Ring.alone();
      }
      long deadline = System.nanoTime() + timeout.toNanos();
      Neighbour next = new Neighbour(me.next(), addresses.get(me.next()));
      Neighbour previous = new Neighbour(me.previous(), addresses.get(me.previous()));
      Link link;
      try (Meeting meeting = new Meeting(door, me, next, previous, settings, deadline)) {
        link = meeting.meet();
      }
      try {
        return SocketRing.gathered(me, link, settings, deadline);
      } catch (RuntimeException | Error e) {
        link.close();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new RingException("Cannot close port " + address.getPort() + ": " + e.getMessage(), e);
    }
  }
}
