package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import scala.Tuple2;

/**
 * Spark's settings that cannot work here, told in one sentence before anything starts. Spark itself
 * accepts most of them, and a job fails later or never begins.
 */
public final class SettingsCheck {
  private static final String JAVA_SERIALIZER = "org.apache.spark.serializer.JavaSerializer";
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

  /** What makes keys of Spark's secret. */
  private static final List<String> ENCRYPTING =
      List.of(
          "spark.network.crypto.enabled",
          "spark.authenticate.enableSaslEncryption",
          OwnSetting.RING_ENCRYPTION.key());

  /** What a setting must be, and why. */
  private record Rule(String key, String otherwise, Predicate<String> fits, String reason) {
    void check(SparkConf conf) {
      String value = conf.get(key, otherwise);
      if (!fits.test(value)) {
        throw new ClusterException("Cannot use setting " + key + ": '" + value + "', " + reason);
      }
    }
  }

  private static final List<Rule> ANY =
      List.of(
          new Rule(
              "spark.serializer",
              JAVA_SERIALIZER,
              JAVA_SERIALIZER::equals,
              "Kryo cannot write Java's records, which travel to executors and back; leave it out"),
          new Rule(
              "spark.ssl.rpc.enabled",
              "false",
              value -> !isTrue(value),
              "Spark 3.5 does not know it and would encrypt nothing; use spark.authenticate and"
                  + " spark.network.crypto.enabled"),
          positive("spark.task.cpus", "1"),
          positive("spark.executor.cores", "1"),
          positive("spark.cores.max", "1"),
          positive("spark.task.maxFailures", "4"),
          positive("spark.stage.maxConsecutiveAttempts", "4"));

  private static final List<Rule> RANKS =
      List.of(
          new Rule(
              DYNAMIC,
              "false",
              value -> !isTrue(value),
              "all ranks train at once, and executors would come one by one with their tasks; leave it out"),
          new Rule(
              "spark.speculation",
              "false",
              value -> !isTrue(value),
              "a second copy of a slow rank would take the cores of the others; leave it out"));

  private SettingsCheck() {}

  private static Rule positive(String key, String otherwise) {
    return new Rule(key, otherwise, SettingsCheck::isPositive, "it must be a whole number from 1");
  }

  /**
   * For any command.
   *
   * @throws ClusterException if a setting cannot work
   */
  public static void forTasks(SparkConf conf) {
    ANY.forEach(rule -> rule.check(conf));
    OwnSetting.requireKnown(conf);
    requireReadable(conf);
    requireSecret(conf);
    if (!isDynamic(conf)) {
      new Rule(
              "spark.executor.instances",
              "1",
              SettingsCheck::isPositive,
              "without executors no task ever starts")
          .check(conf);
    }
    OptionalInt slots = PromisedSlots.of(conf);
    if (slots.isPresent() && slots.getAsInt() == 0) {
      throw new ClusterException(
          "Cannot start a task: no executor has room for one with " + PromisedSlots.words(conf));
    }
  }

  /** Keys that anybody can agree on hide nothing from anybody. */
  private static void requireSecret(SparkConf conf) {
    if (isTrue(conf.get("spark.authenticate", "false"))) {
      return;
    }
    for (String key : ENCRYPTING) {
      new Rule(
              key,
              "false",
              value -> !isTrue(value),
              "without spark.authenticate=true there is no secret to make keys of; set it, and on a"
                  + " standalone cluster spark.authenticate.secret, too")
          .check(conf);
    }
  }

  /** Spark itself names the value that it cannot read, and often not the setting. */
  private static void requireReadable(SparkConf conf) {
    for (Tuple2<String, String> setting : conf.getAll()) {
      ConfigEntry<?> known = ConfigEntry.findEntry(setting._1());
      if (known != null) {
        try {
          conf.get(known);
        } catch (RuntimeException e) {
          throw new ClusterException(
              "Cannot use setting "
                  + setting._1()
                  + ": '"
                  + setting._2()
                  + "', "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
              e);
        }
      }
    }
  }

  /**
   * For a command whose tasks are ranks, which all run at once.
   *
   * @param world how many there must be, or where the settings make the run elastic may be; 0 for
   *     as many as there is room for
   * @throws ClusterException if a setting cannot work, or the settings ask for too few task slots
   */
  public static void forRanks(SparkConf conf, int world) {
    forTasks(conf);
    RANKS.forEach(rule -> rule.check(conf));
    OptionalInt slots = PromisedSlots.of(conf);
    int least = elasticMin(conf) > 0 ? elasticMin(conf) : world;
    if (slots.isPresent() && slots.getAsInt() < least) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "Cannot train with %s: there will be %s with %s;"
                  + " start more executors (spark.executor.instances) or set train.world",
              Count.of(least, "rank"),
              Count.of(slots.getAsInt(), "task slot"),
              PromisedSlots.words(conf)));
    }
  }

  /**
   * For a command that gets large results from its tasks. Spark ends a job whose results are too
   * large, and would do so again and again.
   *
   * @param bytes of a result, at least
   * @throws ClusterException if the driver would not take it
   */
  public static void forResults(SparkConf conf, long bytes) {
    String key = "spark.driver.maxResultSize";
    long most = conf.getSizeAsBytes(key, "1g");
    if (most > 0 && most < bytes) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "Cannot use setting %s: '%s', a rank sends a network of %d MiB to the driver; give"
                  + " it more, or 0 for no limit",
              key,
              conf.get(key, "1g"),
              (bytes >> 20) + 1));
    }
  }

  /** With how many ranks an elastic run goes on; 0 where none is elastic. */
  static int elasticMin(SparkConf conf) {
    OwnSetting setting = OwnSetting.ELASTIC_MIN;
    String value = conf.get(setting.key(), setting.otherwise());
    if (!value.matches("\\d{1,9}")) {
      throw new ClusterException(
          "Cannot use setting " + setting.key() + ": '" + value + "', it must be a whole number");
    }
    return Integer.parseInt(value);
  }

  /** Whether executors come and go with the tasks. */
  static boolean isDynamic(SparkConf conf) {
    return isTrue(conf.get(DYNAMIC, "false"));
  }

  private static boolean isTrue(String value) {
    return value.strip().equalsIgnoreCase("true");
  }

  private static boolean isPositive(String value) {
    return value.matches("0*[1-9]\\d{0,8}");
  }
}
