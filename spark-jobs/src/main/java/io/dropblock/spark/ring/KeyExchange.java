package io.dropblock.spark.ring;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;

/**
 * A rank's half of an X25519 key exchange (RFC 7748), new for each meeting and gone after it:
 * whoever learns the secret later cannot read what was recorded before. It does not say who the
 * other side is; the proofs of the handshake do, which cover both public keys.
 */
final class KeyExchange {
  /** Bytes of a public key. */
  static final int PUBLIC_BYTES = 32;

  private static final String ALGORITHM = "X25519";

  /** What comes before the 32 bytes of a public key in its X.509 form (RFC 8410). */
  private static final byte[] HEAD = HexFormat.of().parseHex("302a300506032b656e032100");

  private final KeyPair pair;

  private KeyExchange(KeyPair pair) {
    this.pair = pair;
  }

  static KeyExchange fresh() {
    try {
      return of(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make a key pair: " + e.getMessage(), e);
    }
  }

  static KeyExchange of(KeyPair pair) {
    return new KeyExchange(pair);
  }

  byte[] publicKey() {
    byte[] encoded = pair.getPublic().getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - PUBLIC_BYTES, encoded.length);
  }

  /**
   * What both sides know then.
   *
   * @param theirs the other side's public key
   * @throws RefusedException if it is one that leads to the same result with any other
   */
  byte[] agree(byte[] theirs) throws RefusedException {
    byte[] encoded = Arrays.copyOf(HEAD, HEAD.length + PUBLIC_BYTES);
    System.arraycopy(theirs, 0, encoded, HEAD.length, PUBLIC_BYTES);
    try {
      KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM);
      agreement.init(pair.getPrivate());
      agreement.doPhase(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)), true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException e) {
      throw new RefusedException("its public key is none: " + e.getMessage());
    }
  }
}
