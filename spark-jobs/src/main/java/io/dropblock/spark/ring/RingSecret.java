package io.dropblock.spark.ring;

import java.nio.charset.StandardCharsets;

/** What all ranks of a cluster know and strangers do not; or nothing. Never printed. */
public final class RingSecret {
  private static final RingSecret NONE = new RingSecret(new byte[0]);

  private final byte[] key;

  private RingSecret(byte[] key) {
    this.key = key;
  }

  /** No secret: neighbours prove that they know the nonce of the run. */
  public static RingSecret none() {
    return NONE;
  }

  /**
   * @param text the secret, not empty
   */
  public static RingSecret of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("Cannot use an empty secret: give one, or none");
    }
    return new RingSecret(text.getBytes(StandardCharsets.UTF_8));
  }

  boolean isPresent() {
    return key.length > 0;
  }

  byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return isPresent() ? "a secret" : "no secret";
  }
}
