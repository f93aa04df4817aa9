package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The numbers of RFC 7748, section 6.1. */
class KeyExchangeTest {
  private static final String ALICE_PRIVATE =
      "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
  private static final String ALICE_PUBLIC =
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
  private static final String BOB_PRIVATE =
      "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
  private static final String BOB_PUBLIC =
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
  private static final String SHARED =
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

  @Test
  void bothSidesAgreeOnTheSecretOfTheStandard() throws Exception {
    KeyExchange alice = exchange(ALICE_PRIVATE, ALICE_PUBLIC);
    KeyExchange bob = exchange(BOB_PRIVATE, BOB_PUBLIC);

    assertThat(alice.publicKey()).isEqualTo(hex(ALICE_PUBLIC));
    assertThat(bob.publicKey()).isEqualTo(hex(BOB_PUBLIC));
    assertThat(alice.agree(bob.publicKey())).isEqualTo(hex(SHARED));
    assertThat(bob.agree(alice.publicKey())).isEqualTo(hex(SHARED));
  }

  @Test
  void everyExchangeHasAKeyOfItsOwn() throws Exception {
    KeyExchange one = KeyExchange.fresh();
    KeyExchange other = KeyExchange.fresh();

    assertThat(one.publicKey()).isNotEqualTo(other.publicKey());
    assertThat(one.agree(other.publicKey())).isEqualTo(other.agree(one.publicKey()));
  }

  /** With 0 the result is 0 for anybody. */
  @Test
  void aKeyThatLeadsToOneResultIsRefused() {
    assertThatThrownBy(() -> KeyExchange.fresh().agree(new byte[KeyExchange.PUBLIC_BYTES]))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("its public key is none: ");
  }

  private static KeyExchange exchange(String secret, String open) throws Exception {
    KeyFactory factory = KeyFactory.getInstance("X25519");
    byte[] littleEndian = hex(open);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    return KeyExchange.of(
        new KeyPair(
            factory.generatePublic(
                new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
            factory.generatePrivate(
                new XECPrivateKeySpec(NamedParameterSpec.X25519, hex(secret)))));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
