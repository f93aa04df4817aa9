package io.dropblock.spark.ring;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869): keys of what two sides both know. */
final class Hkdf {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int HASH_BYTES = 32;

  private Hkdf() {}

  /**
   * Step 1.
   *
   * @param salt what need not be secret; may be empty
   * @param material what is
   * @return the pseudo-random key, 32 bytes
   */
  static byte[] extract(byte[] salt, byte[] material) {
    return mac(salt.length == 0 ? new byte[HASH_BYTES] : salt).doFinal(material);
  }

  /**
   * Step 2.
   *
   * @param key of step 1
   * @param info what the result is for
   * @param bytes of the result, 1 to 255 * 32
   */
  static byte[] expand(byte[] key, byte[] info, int bytes) {
    Mac mac = mac(key);
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    byte[] block = {};
    for (int counter = 1; result.size() < bytes; counter++) {
      mac.update(block);
      mac.update(info);
      mac.update((byte) counter);
      block = mac.doFinal();
      result.writeBytes(block);
    }
    return Arrays.copyOf(result.toByteArray(), bytes);
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot derive a key: " + e.getMessage(), e);
    }
  }
}
