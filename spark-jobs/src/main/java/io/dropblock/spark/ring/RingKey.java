package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that a rank knows the secret, or where there is none, the nonce of the run. A proof covers
 * the greetings of both sides with their fresh challenges, so it is worth nothing a second time.
 */
final class RingKey {
  /** Bytes of a proof. */
  static final int PROOF_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  /** Who proves: the proof of one side is no proof of the other. */
  enum Side {
    CALLER,
    LISTENER
  }

  private final byte[] nonce;
  private final SecretKeySpec key;

  RingKey(RingMembership membership) {
    nonce = bytes(membership.nonce());
    RingSecret secret = membership.secret();
    key = new SecretKeySpec(secret.isPresent() ? secret.key() : nonce, ALGORITHM);
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
