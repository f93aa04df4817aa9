package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.ring.Encryption;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingSettings;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.train.failure.TrainingException;
import java.time.Duration;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSettingsTest {

  @Test
  void withoutSettingsTheyAreTheDefaults() {
    ClusterSettings settings = ClusterSettings.of(new SparkConf(false));
    assertThat(settings.ports()).isEqualTo(PortRange.any());
    assertThat(settings.ring()).isEqualTo(RingSettings.defaults());
    assertThat(settings.recovery()).isEqualTo(RecoverySettings.defaults());
  }

  @Test
  void readsEverySetting() {
    ClusterSettings settings =
        ClusterSettings.of(
            new SparkConf(false)
                .set("spark.dropblock.ring.ports", "40000-40100")
                .set("spark.dropblock.ring.silence", "30s")
                .set("spark.dropblock.ring.strangerTimeout", "500ms")
                .set("spark.dropblock.ring.encryption", "true")
                .set("spark.dropblock.ring.sum", "ranks")
                .set("spark.dropblock.recovery.attempts", "7")
                .set("spark.dropblock.recovery.hostFailures", "2")
                .set("spark.dropblock.recovery.patience", "5m"));
    assertThat(settings.ports()).isEqualTo(new PortRange(40_000, 40_100));
    assertThat(settings.ring().silence()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.ring().strangerTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.ring().encryption()).isEqualTo(Encryption.ON);
    assertThat(settings.ring().sum()).isEqualTo(SumOrder.RANKS);
    assertThat(settings.recovery())
        .isEqualTo(new RecoverySettings(7, 2, Duration.ofMinutes(5), Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @CsvSource({
    "ring.ports, 40000-, 'it must be like 40000-40100, or 0 for any'",
    "ring.ports, 70000, 'Cannot use ports 70000 to 70000: give two ports of 1 to 65535, the lower one first, or 0 for any'",
    "ring.silence, 0s, it must be a time like 120s or 10m",
    "ring.strangerTimeout, soon, it must be a time like 120s or 10m",
    "ring.encryption, yes, 'it must be auto, true or false'",
    "ring.sum, tree, it must be slots or ranks",
    "recovery.attempts, 0, it must be a positive number",
    "recovery.hostFailures, -1, it must be a positive number",
    "recovery.patience, 5, it must be a time like 120s or 10m",
  })
  void saysWhatIsWrong(String name, String value, String reason) {
    SparkConf conf = new SparkConf(false).set("spark.dropblock." + name, value);
    assertThatThrownBy(() -> ClusterSettings.of(conf))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "Cannot use setting spark.dropblock.%s: '%s', %s",
                name,
                value,
                reason));
  }
}
