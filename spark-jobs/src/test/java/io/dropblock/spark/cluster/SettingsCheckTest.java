package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.serializer=org.apache.spark.serializer.KryoSerializer | Kryo cannot write Java's records, which travel to executors and back; leave it out",
        "spark.executor.instances=0 | without executors no task ever starts",
        "spark.task.cpus=0 | it must be a whole number from 1",
        "spark.executor.cores=many | it must be a whole number from 1",
        "spark.cores.max=0 | it must be a whole number from 1",
        "spark.task.maxFailures=0 | it must be a whole number from 1",
        "spark.stage.maxConsecutiveAttempts=-1 | it must be a whole number from 1",
        "spark.driver.maxResultSize=1x | Size must be specified as bytes (b), kibibytes (k), mebibytes (m), gibibytes (g), tebibytes (t), or pebibytes(p). E.g. 50b, 100k, or 250m.",
        "spark.locality.wait=soon | Time must be specified as seconds (s), milliseconds (ms), microseconds (us), minutes (m or min), hour (h), or day (d). E.g. 50s, 100ms, or 250us.",
        "spark.network.crypto.enabled=true | without spark.authenticate=true there is no secret to make keys of; set it, and on a standalone cluster spark.authenticate.secret, too",
        "spark.authenticate.enableSaslEncryption=true | without spark.authenticate=true there is no secret to make keys of; set it, and on a standalone cluster spark.authenticate.secret, too",
        "spark.dropblock.ring.encryption=TRUE | without spark.authenticate=true there is no secret to make keys of; set it, and on a standalone cluster spark.authenticate.secret, too",
        "spark.ssl.rpc.enabled=true | Spark 3.5 does not know it and would encrypt nothing; use spark.authenticate and spark.network.crypto.enabled",
        "spark.shuffle.compress=yes | spark.shuffle.compress should be boolean, but was yes",
      })
  void refusesWhatNoCommandCanWorkWith(String setting, String reason) {
    assertThatThrownBy(() -> SettingsCheck.forTasks(conf("local[2] " + setting)))
        .isInstanceOf(ClusterException.class)
        .hasMessage(message(setting, reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.dynamicAllocation.enabled=true | all ranks train at once, and executors would come one by one with their tasks; leave it out",
        "spark.speculation=TRUE | a second copy of a slow rank would take the cores of the others; leave it out",
      })
  void refusesWhatRanksCannotWorkWith(String setting, String reason) {
    assertThatThrownBy(() -> SettingsCheck.forRanks(conf("local[2] " + setting), 0))
        .isInstanceOf(ClusterException.class)
        .hasMessage(message(setting, reason));
    assertThatCode(() -> SettingsCheck.forTasks(conf("local[2] " + setting)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.network.crypto.enabled=true",
        "spark.authenticate.enableSaslEncryption=true",
        "spark.dropblock.ring.encryption=true",
        "spark.dropblock.ring.encryption=false"
      })
  void takesEncryptionWithASecret(String setting) {
    assertThatCode(
            () -> SettingsCheck.forRanks(conf("local[2] spark.authenticate=true " + setting), 2))
        .doesNotThrowAnyException();
  }

  private static String message(String setting, String reason) {
    int equals = setting.indexOf('=');
    return "Cannot use setting "
        + setting.substring(0, equals)
        + ": '"
        + setting.substring(equals + 1)
        + "', "
        + reason;
  }

  /** Spark would pass over it, and the run would have a default. */
  @Test
  void refusesASettingThatIsCalledLikeOurs() {
    String misspelt = OwnSetting.RING_PORTS.key().replace("ports", "port");
    assertThatThrownBy(() -> SettingsCheck.forTasks(conf("local[2] " + misspelt + "=1")))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith(
            "Cannot use setting " + misspelt + ": there is no such setting; there are ")
        .hasMessageContaining("spark.dropblock.ring.ports");
    assertThatCode(() -> SettingsCheck.forTasks(conf("local[2] spark.dropblock.ring.ports=1")))
        .doesNotThrowAnyException();
  }

  @Test
  void executorsThatComeWithTheTasksNeedNoNumber() {
    assertThatCode(
            () ->
                SettingsCheck.forTasks(
                    conf("yarn spark.dynamicAllocation.enabled=true spark.executor.instances=0")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "local, 1",
    "local[3], 3",
    "'local[3, 2]', 3",
    "local[4] spark.task.cpus=2, 2",
    "local[1] spark.task.cpus=2, 0",
    "'local-cluster[2,1,1024]', 2",
    "'local-cluster[2, 4, 1024] spark.task.cpus=4', 2",
    "'local-cluster[2,4,1024] spark.executor.cores=2', 4",
    "'local-cluster[3,4,1024] spark.executor.cores=4 spark.cores.max=8', 8",
    "'local-cluster[2,1,1024] spark.executor.cores=2', 0",
    "'local-cluster[2,1,1024] spark.executor.memory=2g', 0",
    "spark://h:1 spark.cores.max=16 spark.executor.cores=4 spark.task.cpus=4, 4",
    "spark://h:1 spark.cores.max=3 spark.executor.cores=4 spark.task.cpus=4, 0",
    "spark://h:1 spark.cores.max=16, -1",
    "yarn spark.executor.instances=8 spark.executor.cores=4 spark.task.cpus=4, 8",
    "yarn spark.executor.instances=8 spark.cores.max=1, 8",
    "yarn, -1",
    "k8s://https://h:1 spark.executor.instances=3, 3",
    "yarn spark.executor.instances=8 spark.dynamicAllocation.enabled=true, -1",
  })
  void knowsTheSlotsThatSettingsAskFor(String settings, int slots) {

    assertThat(PromisedSlots.of(conf(settings)).orElse(-1)).isEqualTo(slots);
  }

  @Test
  void allProcessorsAreSlots() {
    assertThat(PromisedSlots.of(conf("local[*]")))
        .hasValue(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void refusesMoreRanksThanThereWillBeSlots() {
    SparkConf conf = conf("local-cluster[2,1,1883] spark.task.cpus=1");
    SettingsCheck.forRanks(conf, 2);
    assertThatThrownBy(() -> SettingsCheck.forRanks(conf, 3))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot train with 3 ranks: there will be 2 task slots with"
                + " spark.master=local-cluster[2,1,1883] spark.task.cpus=1;"
                + " start more executors (spark.executor.instances) or set train.world");
  }

  @Test
  void fewerRanksAreEnoughForAnElasticRun() {
    SparkConf conf = conf("local-cluster[2,1,1883] spark.dropblock.elastic.min=2");
    SettingsCheck.forRanks(conf, 4);
    assertThatThrownBy(
            () -> SettingsCheck.forRanks(conf.set("spark.dropblock.elastic.min", "3"), 4))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("Cannot train with 3 ranks: there will be 2 task slots with");
    assertThatThrownBy(
            () -> SettingsCheck.forRanks(conf.set("spark.dropblock.elastic.min", "two"), 4))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot use setting spark.dropblock.elastic.min: 'two', it must be a whole number");
  }

  @Test
  void refusesTasksThatNoExecutorHasRoomFor() {
    assertThatThrownBy(() -> SettingsCheck.forTasks(conf("local[2] spark.task.cpus=3")))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot start a task: no executor has room for one with"
                + " spark.master=local[2] spark.task.cpus=3");
  }

  @Test
  void refusesResultsThatTheDriverWouldNotTake() {
    SparkConf conf = conf("local[2] spark.driver.maxResultSize=100m");
    SettingsCheck.forResults(conf, 100 << 20);
    SettingsCheck.forResults(conf("local[2] spark.driver.maxResultSize=0"), 1L << 40);
    assertThatThrownBy(() -> SettingsCheck.forResults(conf, 200 << 20))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot use setting spark.driver.maxResultSize: '100m', a rank sends a network of"
                + " 201 MiB to the driver; give it more, or 0 for no limit");
  }

  /** The first word is the master. */
  private static SparkConf conf(String settings) {
    String master = settings.replaceFirst(" spark\\..*", "");
    SparkConf conf = new SparkConf(false).setMaster(master);
    for (String setting : settings.substring(master.length()).strip().split(" ")) {
      if (!setting.isEmpty()) {
        conf.set(
            setting.substring(0, setting.indexOf('=')),
            setting.substring(setting.indexOf('=') + 1));
      }
    }
    return conf;
  }
}
