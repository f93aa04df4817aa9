package io.dropblock.spark.allreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.ring.Encryption;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingSettings;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;

/** Beside Spark's own answers. */
class RingSecurityTest {

  @ParameterizedTest
  @CsvSource({
    "'', AUTO, OFF",
    "spark.authenticate, AUTO, OFF",
    "spark.authenticate spark.network.crypto.enabled, AUTO, ON",
    "spark.authenticate spark.authenticate.enableSaslEncryption, AUTO, ON",
    "spark.authenticate, ON, ON",
    "spark.authenticate spark.network.crypto.enabled, ON, ON",
    "spark.authenticate spark.network.crypto.enabled, OFF, OFF",
    "'', OFF, OFF",
  })
  void encryptsWhereSparkDoesUnlessToldOtherwise(
      String switchedOn, Encryption asked, Encryption settled) {
    RingAveraging averaging = averaging(asked);

    assertThat(security(switchedOn).settle(averaging))
        .isEqualTo(
            new RingAveraging(3, 2, PortRange.any(), averaging.ring().withEncryption(settled)));
  }

  @ParameterizedTest
  @CsvSource({"'', ON", "spark.network.crypto.enabled, AUTO", "spark.network.crypto.enabled, ON"})
  void refusesToEncryptWithoutASecret(String switchedOn, Encryption asked) {
    assertThatThrownBy(() -> security(switchedOn).settle(averaging(asked)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot encrypt what ranks send each other: without spark.authenticate=true there is no"
                + " secret to make keys of; set it, and on a standalone cluster"
                + " spark.authenticate.secret, too");
  }

  private static RingAveraging averaging(Encryption asked) {
    return new RingAveraging(3, 2, PortRange.any(), RingSettings.defaults().withEncryption(asked));
  }

  private static RingSecurity security(String switchedOn) {
    SparkConf conf = new SparkConf(false);
    for (String key : switchedOn.split(" ")) {
      if (!key.isEmpty()) {
        conf.set(key, "true");
      }
    }
    return new RingSecurity(new SecurityManager(conf, Option.empty(), null));
  }
}
