package io.dropblock.spark.cluster;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * The settings of ours in Spark's configuration. They belong to the cluster and not to the
 * experiment, so that a run can be resumed with others. {@code docs/reference/settings.md} is made
 * of this list.
 */
public enum OwnSetting {
  /** Read where executors start. */
  PROGRESS_INTERVAL(
      "progress.interval",
      "1s",
      "how often ranks tell of their steps, and so how often, at most, the terminal and"
          + " `events.jsonl` do"),
  /** Read by {@code train} and {@code demo}, as are the next four. */
  RING_PORTS(
      "ring.ports",
      "0",
      "the ports that ranks listen on as they meet, like `40000-40100`, more than there are ranks"
          + " on a host; 0 for any that is free"),
  /** Of {@link io.dropblock.spark.ring.RingSettings#silence}. */
  RING_SILENCE(
      "ring.silence",
      "120s",
      "how long a rank waits for a byte of its neighbour; longer than the slowest rank may be"
          + " behind"),
  /** Of {@link io.dropblock.spark.ring.RingSettings#strangerTimeout}. */
  RING_STRANGER_TIMEOUT(
      "ring.strangerTimeout", "5s", "how long a caller may take to show who it is"),
  /** Of {@link io.dropblock.spark.ring.RingSettings#encryption}. */
  RING_ENCRYPTION(
      "ring.encryption",
      "auto",
      "whether what ranks send each other is encrypted: `true` (needs `spark.authenticate`),"
          + " `false`, or `auto`, where Spark's own connections are, by"
          + " `spark.network.crypto.enabled` or `spark.authenticate.enableSaslEncryption`"),
  /** Of {@link io.dropblock.spark.ring.RingSettings#sum}. */
  RING_SUM(
      "ring.sum",
      "slots",
      "how ranks add up the gradients of a step: `slots`, one after the other, so that any number of"
          + " ranks ends with the same bits, or `ranks`, each its own first, which takes less memory"
          + " where a rank has several slots. Always `ranks` with `train.averaging.every` above 1 and"
          + " with `bfloat16`"),
  /** Of {@link RecoverySettings#attempts}. */
  RECOVERY_ATTEMPTS(
      "recovery.attempts",
      "4",
      "failures without a new checkpoint in between after which the run is given up"),
  /** Of {@link RecoverySettings#hostFailures}. */
  RECOVERY_HOST_FAILURES(
      "recovery.hostFailures", "3", "failures of a host after which the run does without it"),
  /** Of {@link RecoverySettings#patience}. */
  RECOVERY_PATIENCE(
      "recovery.patience",
      "10m",
      "how long a run waits for executors in place of those that are gone, and each command for its"
          + " first one"),
  /** Of {@link RankLimits#least}. */
  ELASTIC_MIN(
      "elastic.min",
      "0",
      "with how many ranks a run goes on where it has lost executors; it takes new ones in as they"
          + " come. 0: never with fewer than it began with"),
  /** Of {@link RankLimits#grace}. */
  ELASTIC_WAIT(
      "elastic.wait",
      "10s",
      "how long an elastic run waits for executors in place of those that are gone before it goes"
          + " on with fewer"),
  /** Of {@link EvaluationSlots}. */
  EVALUATION_SLOTS(
      "evaluation.slots",
      "0",
      "task slots that `train` keeps from its ranks, so that the network of an epoch is evaluated"
          + " while the next one trains; 0 to evaluate between two epochs, on the slots of the"
          + " ranks"),
  /** Read by {@code train} and {@code demo}. */
  TENSORBOARD_LAYERS(
      "tensorboard.layers",
      "some",
      "layers of whose parameters and gradients TensorBoard gets histograms at the end of each"
          + " epoch: `some` (the first with weights, the last, and six between), `none`, or names,"
          + " separated by commas, in which `*` is any text"),
  /** Read where an executor with a GPU starts. */
  GPU_FREE_MEMORY(
      "gpu.freeMemory", "2g", "what must be free of a GPU's memory as its executor starts"),
  /** Read by {@code submit.sh} and the settings files. */
  NATIVE_MEMORY(
      "nativeMemory",
      "",
      "what JavaCPP may take outside an executor's heap (its `maxbytes`): on one machine worked out"
          + " by `submit.sh`, on a standalone cluster 4g, on YARN and Kubernetes 8g");

  private static final String PREFIX = "spark.dropblock.";

  private final String name;
  private final String otherwise;
  private final String meaning;

  OwnSetting(String name, String otherwise, String meaning) {
    this.name = name;
    this.otherwise = otherwise;
    this.meaning = meaning;
  }

  /**
   * Refuses a setting that is none of ours and is called as one, which Spark would pass over.
   *
   * @throws ClusterException if there is one
   */
  static void requireKnown(SparkConf conf) {
    for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
      if (Arrays.stream(values()).noneMatch(it -> it.name.equals(setting._1()))) {
        throw new ClusterException(
            String.format(
                Locale.ROOT,
                "Cannot use setting %s%s: there is no such setting; there are %s",
                PREFIX,
                setting._1(),
                Arrays.stream(values()).map(OwnSetting::key).collect(Collectors.joining(", "))));
      }
    }
  }

  /** Its key in Spark's configuration. */
  public String key() {
    return PREFIX + name;
  }

  /** What it is where it is not set; empty where the settings files always set it. */
  public String otherwise() {
    return otherwise;
  }

  /** What it is for, in Markdown. */
  String meaning() {
    return meaning;
  }
}
