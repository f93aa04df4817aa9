package io.dropblock.spark.cluster;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * What Spark says of an executor that ended for its memory, in words that help: it knows no more
 * than the code with which the process ended.
 */
public final class ExecutorLoss {
  /** As the scheduler has it, with the host before where a task is named. */
  private static final Pattern LOST =
      Pattern.compile(
          "(?:\\((\\S+) executor \\S+\\): )?ExecutorLostFailure \\(executor (\\S+) exited[^)]*\\)"
              + "\\s*Reason: (.*)",
          Pattern.DOTALL);

  /** Standalone, YARN and Kubernetes have each their own words. */
  private static final Pattern CODE =
      Pattern.compile("(?:exited with (?:exit )?code|exit code|exit status):? *(\\d+)");

  private static final Pattern LIMIT =
      Pattern.compile("exceeding (?:physical |virtual )?memory limits|oomkilled|container oom");

  private ExecutorLoss() {}

  /**
   * What it was, where it was the memory.
   *
   * @param text of a failure, as Spark tells it
   * @param conf of the application, for what its executors have
   * @return one line, without an end; nothing for all other failures
   */
  public static Optional<String> tell(String text, SparkConf conf) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher lost = LOST.matcher(text);
    if (lost.find()) {
      String host = lost.group(1) == null ? "" : " on " + lost.group(1);
      return reason("executor " + lost.group(2) + host, lost.group(3), conf);
    }
    return text.contains("java.lang.OutOfMemoryError")
        ? Optional.of(outOfHeap("a task", conf))
        : Optional.empty();
  }

  private static Optional<String> reason(String who, String text, SparkConf conf) {
    String lower = text.toLowerCase(Locale.ROOT);
    Matcher code = CODE.matcher(lower);
    int status = code.find() ? Integer.parseInt(code.group(1)) : 0;
    return switch (status) {
      // -XX:+ExitOnOutOfMemoryError, and Spark itself
      case 3, 52 -> Optional.of(outOfHeap(who, conf));
      case 137 -> Optional.of(killed(who, "code 137", conf));
      default ->
          LIMIT.matcher(lower).find()
              ? Optional.of(killed(who, "its container's limit", conf))
              : Optional.empty();
    };
  }

  private static String outOfHeap(String who, SparkConf conf) {
    return String.format(
        Locale.ROOT,
        "%s ran out of memory (heap %s): give it more with spark.executor.memory, or let fewer tasks run in it with spark.executor.cores",
        who,
        heap(conf));
  }

  private static String killed(String who, String how, SparkConf conf) {
    return String.format(
        Locale.ROOT,
        "%s was killed, most likely for its memory (%s; heap %s): give its container more with spark.executor.memoryOverhead, or a machine fewer executors",
        who,
        how,
        heap(conf));
  }

  private static String heap(SparkConf conf) {
    return conf.get("spark.executor.memory", "1g");
  }
}
