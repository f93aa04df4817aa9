package io.dropblock.spark.ring;

import io.dropblock.spark.ring.RingKey.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * One end of a handshake, without waiting: {@code caller's hello, listener's hello, caller's proof,
 * listener's proof}. Reads exactly that many bytes, so that what follows stays in the socket. What
 * follows comes from the caller only, encrypted or not as both greetings say.
 */
final class Handshake {
  private final SocketChannel channel;
  private final Side side;
  private final int neighbour;
  private final RingKey key;
  private final ByteBuffer mine;
  private final ByteBuffer theirs = ByteBuffer.allocate(Hello.BYTES);
  private final ByteBuffer proof = ByteBuffer.allocate(RingKey.PROOF_BYTES);

  /** Once the other end has proved who it is, where there is encryption. */
  private SecretKeySpec dataKey;

  private Handshake(
      SocketChannel channel, Side side, int neighbour, RingKey key, ByteBuffer hello) {
    this.channel = channel;
    this.side = side;
    this.neighbour = neighbour;
    this.key = key;
    this.mine = hello;
  }

  /** The end that was called, by the previous rank or by a stranger. */
  static Handshake answer(SocketChannel channel, RingMembership me, RingKey key, WireFormat wire) {
    return new Handshake(channel, Side.LISTENER, me.previous(), key, Hello.of(me, key, wire));
  }

  /** The end that calls the next rank; the channel is connected. */
  static Handshake call(SocketChannel channel, RingMembership me, RingKey key, WireFormat wire)
      throws IOException {
    Handshake call = new Handshake(channel, Side.CALLER, me.next(), key, Hello.of(me, key, wire));
    call.send(call.mine);
    return call;
  }

  SocketChannel channel() {
    return channel;
  }

  /**
   * Goes on with what has come.
   *
   * @return whether the other end has proved to be the neighbour
   * @throws RefusedException if it has proved that it is not
   */
  boolean advance() throws IOException, RefusedException {
    if (theirs.hasRemaining()) {
      boolean whole = fill(theirs);
      if (!Hello.mayBegin(theirs)) {
        throw new RefusedException("it does not speak the ring's protocol");
      }
      if (!whole) {
        return false;
      }
      Optional<String> mismatch = Hello.mismatch(theirs, mine, neighbour);
      if (mismatch.isPresent()) {
        throw new RefusedException(mismatch.get());
      }
      send(side == Side.CALLER ? proofOf(Side.CALLER) : mine);
    }
    if (!fill(proof)) {
      return false;
    }
    Side other = side == Side.CALLER ? Side.LISTENER : Side.CALLER;
    if (!RingKey.equal(proof, proofOf(other))) {
      throw new RefusedException("its proof is wrong: a wrong secret, or an old handshake again");
    }
    if (key.encrypts()) {
      dataKey =
          side == Side.CALLER
              ? key.dataKey(mine, theirs, theirs)
              : key.dataKey(theirs, mine, theirs);
    }
    if (side == Side.LISTENER) {
      send(proofOf(Side.LISTENER));
    }
    return true;
  }

  /** The way to the other end, which has proved to be the neighbour, of the end that called. */
  Sender sender() {
    return key.encrypts()
        ? new SealedSender(channel, Objects.requireNonNull(dataKey, "not done"))
        : new ClearSender(channel);
  }

  /** The way from the other end, of the end that was called. */
  Receiver receiver() {
    return key.encrypts()
        ? new SealedReceiver(channel, Objects.requireNonNull(dataKey, "not done"))
        : new ClearReceiver(channel);
  }

  private ByteBuffer proofOf(Side who) {
    return side == Side.CALLER ? key.proof(who, mine, theirs) : key.proof(who, theirs, mine);
  }

  private boolean fill(ByteBuffer buffer) throws IOException, RefusedException {
    if (channel.read(buffer) < 0) {
      throw new RefusedException("it closed the connection");
    }
    return !buffer.hasRemaining();
  }

  private void send(ByteBuffer message) throws IOException {
    channel.write(message);
    if (message.hasRemaining()) {
      throw new IOException("it takes no bytes");
    }
  }
}
