package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that a rank knows the secret, or where there is none, the nonce of the run. A proof covers
 * the greetings of both sides with their fresh challenges, so it is worth nothing a second time.
 * And the keys of what is encrypted, which nobody without the secret can make.
 */
final class RingKey {
  /** Bytes of a proof. */
  static final int PROOF_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int DATA_KEY_BYTES = 32;
  private static final byte[] PURPOSE =
      "DropBlock ring 2, frames from caller to listener".getBytes(StandardCharsets.US_ASCII);

  /** Who proves: the proof of one side is no proof of the other. */
  enum Side {
    CALLER,
    LISTENER
  }

  private final byte[] nonce;
  private final SecretKeySpec key;
  private final Optional<KeyExchange> exchange;

  /**
   * @param encrypts whether what follows the handshake is encrypted
   * @throws IllegalArgumentException if it is to be, and there is no secret
   */
  RingKey(RingMembership membership, boolean encrypts) {
    nonce = bytes(membership.nonce());
    RingSecret secret = membership.secret();
    if (encrypts && !secret.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot encrypt a ring without a secret: any stranger could agree on keys with its ranks");
    }
    key = new SecretKeySpec(secret.isPresent() ? secret.key() : nonce, ALGORITHM);
    exchange = encrypts ? Optional.of(KeyExchange.fresh()) : Optional.empty();
  }

  boolean encrypts() {
    return exchange.isPresent();
  }

  /** For the key exchange of this meeting; zeros where nothing is encrypted. */
  byte[] publicKey() {
    return exchange.map(KeyExchange::publicKey).orElse(new byte[KeyExchange.PUBLIC_BYTES]);
  }

  /**
   * The key of all that the caller of a connection sends, AES-256: of the key exchange, the secret,
   * both greetings and the nonce. The listener sends nothing, so there is none of the other
   * direction.
   *
   * @param theirs the one of the two greetings that is not this rank's
   * @throws RefusedException if the public key in it is none
   */
  SecretKeySpec dataKey(ByteBuffer callerHello, ByteBuffer listenerHello, ByteBuffer theirs)
      throws RefusedException {
    byte[] agreed = exchange.orElseThrow().agree(Hello.publicKey(theirs));
    byte[] extracted =
        Hkdf.extract(
            joined(callerHello.array(), listenerHello.array()), joined(agreed, key.getEncoded()));
    return new SecretKeySpec(Hkdf.expand(extracted, joined(PURPOSE, nonce), DATA_KEY_BYTES), "AES");
  }

  private static byte[] joined(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }

  /** Tells runs apart without telling their nonce. */
  long runTag() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("run tag".getBytes(StandardCharsets.US_ASCII));
      return ByteBuffer.wrap(digest.digest(nonce)).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot hash: " + e.getMessage(), e);
    }
  }

  ByteBuffer proof(Side side, ByteBuffer callerHello, ByteBuffer listenerHello) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((byte) side.ordinal());
      mac.update(callerHello.duplicate().clear());
      mac.update(listenerHello.duplicate().clear());
      return ByteBuffer.wrap(mac.doFinal(nonce));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot calculate a proof: " + e.getMessage(), e);
    }
  }

  /** In a time that does not depend on where they differ. */
  static boolean equal(ByteBuffer proof, ByteBuffer expected) {
    return MessageDigest.isEqual(proof.array(), expected.array());
  }

  private static byte[] bytes(UUID nonce) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(nonce.getMostSignificantBits())
        .putLong(nonce.getLeastSignificantBits())
        .array();
  }
}
