package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * The first message of a handshake, {@value #BYTES} bytes, big-endian: magic (4), version (2), wire
 * format (1), byte order of the data (1), whether what follows is encrypted (1), tag of the run
 * (8), attempt (4), rank (4), world (4), elements (8), challenge (32), public key of the key
 * exchange (32; zeros where nothing is encrypted). Proofs cover all of it, so nobody on the way can
 * change it.
 */
final class Hello {
  static final int BYTES = 101;

  private static final int MAGIC = 0x44425247;
  private static final short VERSION = 2;
  private static final int CHALLENGE_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Hello() {}

  /** A greeting with a fresh challenge, ready to be sent. */
  static ByteBuffer of(RingMembership me, RingKey key, WireFormat wire) {
    byte[] challenge = new byte[CHALLENGE_BYTES];
    RANDOM.nextBytes(challenge);
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .putShort(VERSION)
        .put((byte) wire.ordinal())
        .put(byteOrder())
        .put((byte) (key.encrypts() ? 1 : 0))
        .putLong(key.runTag())
        .putInt(me.attempt())
        .putInt(me.rank())
        .putInt(me.world())
        .putLong(me.elements())
        .put(challenge)
        .put(key.publicKey())
        .flip();
  }

  /** The public key in a greeting. */
  static byte[] publicKey(ByteBuffer hello) {
    byte[] key = new byte[KeyExchange.PUBLIC_BYTES];
    hello.get(BYTES - key.length, key);
    return key;
  }

  /** Whether the first bytes, as many as have come, can be those of a greeting. */
  static boolean mayBegin(ByteBuffer bytes) {
    return bytes.position() < Integer.BYTES || bytes.getInt(0) == MAGIC;
  }

  /**
   * What keeps the sender of a greeting from being the neighbour, if anything.
   *
   * @param mine what this rank says itself
   * @param rank the neighbour's
   */
  static Optional<String> mismatch(ByteBuffer theirs, ByteBuffer mine, int rank) {
    ByteBuffer his = theirs.duplicate().clear();
    ByteBuffer own = mine.duplicate().clear();
    if (his.getInt() != own.getInt()) {
      return Optional.of("it does not speak the ring's protocol");
    }
    short version = his.getShort();
    if (version != own.getShort()) {
      return Optional.of(
          String.format(
              Locale.ROOT, "it speaks version %d of the protocol, not %d", version, VERSION));
    }
    boolean sameWire = his.get() == own.get();
    boolean sameOrder = his.get() == own.get();
    byte encrypts = his.get();
    boolean sameEncryption = encrypts == own.get();
    if (his.getLong() != own.getLong()) {
      return Optional.of("it belongs to another run");
    }
    int attempt = his.getInt();
    int ownAttempt = own.getInt();
    if (attempt != ownAttempt) {
      return Optional.of(
          String.format(Locale.ROOT, "it belongs to attempt %d, not %d", attempt, ownAttempt));
    }
    int itsRank = his.getInt();
    own.getInt();
    int world = his.getInt();
    int ownWorld = own.getInt();
    if (world != ownWorld) {
      return Optional.of(String.format(Locale.ROOT, "it counts %d ranks, not %d", world, ownWorld));
    }
    if (itsRank != rank) {
      return Optional.of(
          String.format(Locale.ROOT, "it calls itself rank %d, not %d", itsRank, rank));
    }
    long elements = his.getLong();
    long ownElements = own.getLong();
    if (elements != ownElements) {
      return Optional.of(
          String.format(Locale.ROOT, "its array has %d elements, not %d", elements, ownElements));
    }
    if (!sameEncryption) {
      return Optional.of(
          encrypts == 0
              ? "it does not encrypt, and this rank does"
              : "it encrypts, and this rank does not");
    }
    if (!sameWire) {
      return Optional.of("it sends another wire format");
    }
    return sameOrder ? Optional.empty() : Optional.of("its byte order is another");
  }

  private static byte byteOrder() {
    return (byte) (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? 1 : 0);
  }
}
