package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.ring.Encryption;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingSettings;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.WatchedLayers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * What a training takes from Spark's configuration, as it belongs to the cluster and not to the
 * experiment: {@code spark.dropblock.ring.*}, {@code spark.dropblock.recovery.*}, {@code
 * spark.dropblock.elastic.*} and {@code spark.dropblock.tensorboard.*}.
 *
 * @param ports that ranks listen on
 * @param ring time-outs, encryption, and in which order it sums
 * @param recovery how patient a run is
 * @param elasticMin ranks that an elastic run goes on with at least; 0 where no run is elastic
 * @param elasticWait how long it waits before it goes on with fewer
 * @param layers of whose numbers TensorBoard gets histograms
 */
record ClusterSettings(
    PortRange ports,
    RingSettings ring,
    RecoverySettings recovery,
    int elasticMin,
    Duration elasticWait,
    WatchedLayers layers) {
  private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  /**
   * @throws TrainingException if a setting cannot be read
   */
  static ClusterSettings of(SparkConf conf) {
    return new ClusterSettings(
        read(conf, OwnSetting.RING_PORTS, ClusterSettings::ports),
        RingSettings.defaults()
            .withSilence(time(conf, OwnSetting.RING_SILENCE))
            .withStrangerTimeout(time(conf, OwnSetting.RING_STRANGER_TIMEOUT))
            .withEncryption(read(conf, OwnSetting.RING_ENCRYPTION, ClusterSettings::encryption))
            .withSum(read(conf, OwnSetting.RING_SUM, ClusterSettings::sum)),
        new RecoverySettings(
            count(conf, OwnSetting.RECOVERY_ATTEMPTS),
            count(conf, OwnSetting.RECOVERY_HOST_FAILURES),
            time(conf, OwnSetting.RECOVERY_PATIENCE),
            time(conf, OwnSetting.RING_SILENCE)),
        read(conf, OwnSetting.ELASTIC_MIN, Integer::parseInt),
        time(conf, OwnSetting.ELASTIC_WAIT),
        read(conf, OwnSetting.TENSORBOARD_LAYERS, ClusterSettings::layers));
  }

  private static WatchedLayers layers(String text) {
    List<String> names = Arrays.stream(text.split(",")).map(String::strip).toList();
    if (names.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("it must be some, none, or names of layers");
    }
    return switch (text.strip()) {
      case "some" -> WatchedLayers.some();
      case "none" -> WatchedLayers.none();
      default -> WatchedLayers.named(names);
    };
  }

  private static SumOrder sum(String text) {
    return switch (text.strip()) {
      case "slots" -> SumOrder.SLOTS;
      case "ranks" -> SumOrder.RANKS;
      default -> throw new IllegalArgumentException("it must be slots or ranks");
    };
  }

  private static Encryption encryption(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> Encryption.AUTO;
      case "true" -> Encryption.ON;
      case "false" -> Encryption.OFF;
      default -> throw new IllegalArgumentException("it must be auto, true or false");
    };
  }

  private static PortRange ports(String text) {
    Matcher matcher = PORTS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("it must be like 40000-40100, or 0 for any");
    }
    int first = Integer.parseInt(matcher.group(1));
    return new PortRange(
        first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2)));
  }

  private static int count(SparkConf conf, OwnSetting setting) {
    return read(
        conf,
        setting,
        text -> {
          if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("it must be a positive number");
          }
          return Integer.parseInt(text);
        });
  }

  private static Duration time(SparkConf conf, OwnSetting setting) {
    return read(
        conf,
        setting,
        text -> {
          if (!text.matches("[1-9]\\d{0,8}(ms|s|m|min|h)")) {
            throw new IllegalArgumentException("it must be a time like 120s or 10m");
          }
          return Duration.ofMillis(conf.getTimeAsMs(setting.key(), text));
        });
  }

  private static <T> T read(SparkConf conf, OwnSetting setting, Function<String, T> reader) {
    String text = conf.get(setting.key(), setting.otherwise());
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TrainingException(
          String.format(
              Locale.ROOT, "Cannot use setting %s: '%s', %s", setting.key(), text, e.getMessage()),
          e);
    }
  }
}
