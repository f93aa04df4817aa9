package io.dropblock.spark.allreduce;

import io.dropblock.spark.ring.Encryption;
import io.dropblock.spark.ring.RingSecret;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkEnv;

/** What the ring has of Spark's own security: its secret, and whether it encrypts. */
final class RingSecurity {
  private final SecurityManager spark;

  /** Of some application. */
  RingSecurity(SecurityManager spark) {
    this.spark = spark;
  }

  /** Of the driver or executor that this is. */
  static RingSecurity here() {
    return new RingSecurity(SparkEnv.get().securityManager());
  }

  /** Spark's own, where {@code spark.authenticate} is on. */
  RingSecret secret() {
    return spark.isAuthenticationEnabled()
        ? RingSecret.of(spark.getSecretKey())
        : RingSecret.none();
  }

  /**
   * The same with encryption on or off: where it is automatic, on exactly where Spark encrypts its
   * own connections, by {@code spark.network.crypto.enabled} or by SASL.
   *
   * @throws IllegalStateException if it is to be on, and Spark has no secret
   */
  RingAveraging settle(RingAveraging averaging) {
    Encryption asked = averaging.ring().encryption();
    boolean on = asked == Encryption.AUTO ? spark.isEncryptionEnabled() : asked == Encryption.ON;
    if (on && !spark.isAuthenticationEnabled()) {
      throw new IllegalStateException(
          "Cannot encrypt what ranks send each other: without spark.authenticate=true there is no"
              + " secret to make keys of; set it, and on a standalone cluster"
              + " spark.authenticate.secret, too");
    }
    return new RingAveraging(
        averaging.world(),
        averaging.every(),
        averaging.ports(),
        averaging.ring().withEncryption(on ? Encryption.ON : Encryption.OFF));
  }
}
