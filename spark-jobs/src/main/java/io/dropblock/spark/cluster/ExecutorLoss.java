package io.dropblock.spark.cluster;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why an executor ended, from what Spark's cluster managers say of it. */
public final class ExecutorLoss {
  /** Of {@code -XX:+ExitOnOutOfMemoryError}, which our settings have, and of Spark itself. */
  private static final Set<String> OUT_OF_HEAP = Set.of("3", "52");

  /** SIGKILL and SIGTERM. */
  private static final Set<String> KILLED = Set.of("137", "143");

  private static final Pattern CODE =
      Pattern.compile("(?i)exit\\w*(?: with)?(?: exit)?(?: code| status)[: ]+(\\d+)");
  private static final Pattern BEYOND = Pattern.compile("(?i)exceeding .*memory|OOMKilled");

  /** As the scheduler has it, with the host before where a task is named. */
  private static final Pattern WHO =
      Pattern.compile(
          "(?:\\((\\S+) executor \\S+\\): )?ExecutorLostFailure \\(executor (\\S+) exited");

  private ExecutorLoss() {}

  /**
   * What to do about memory, where it was that.
   *
   * @param text of Spark's about a task or a job, maybe of several lines
   * @return a sentence without its end, such as "executor 1 on node7 ran out of heap ..."
   */
  public static Optional<String> ofMemory(String text) {
    if (BEYOND.matcher(text).find()) {
      return Optional.of(
          who(text)
              + " took more memory than its container may; raise spark.executor.memoryOverhead, or"
              + " lower train.local_batch");
    }
    Matcher found = CODE.matcher(text);
    String code = found.find() ? found.group(1) : "";
    if (OUT_OF_HEAP.contains(code)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s ran out of heap (exit code %s); raise spark.executor.memory, or lower"
                  + " spark.executor.cores so that fewer tasks share it",
              who(text),
              code));
    }
    return KILLED.contains(code)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s was killed (exit code %s), as a system does that is short of memory; see"
                    + " docs/how-to/fit-into-memory.md",
                who(text),
                code))
        : Optional.empty();
  }

  private static String who(String text) {
    Matcher lost = WHO.matcher(text);
    if (!lost.find()) {
      return "the executor";
    }
    return "executor " + lost.group(2) + (lost.group(1) == null ? "" : " on " + lost.group(1));
  }

  /** In a few words, with no full stop. Kubernetes' reason begins with an empty line. */
  static String reason(String text) {
    String first = firstLine(text).replaceFirst("\\.$", "");
    return ofMemory(text)
        .orElseGet(
            () ->
                first.startsWith("Remote RPC client disassociated")
                    ? "its executor was lost: its connection ended; its log may say why"
                    : "its executor was lost" + (first.isEmpty() ? "" : ": " + first));
  }

  /** The first line that is not blank; empty where there is none. */
  static String firstLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }
}
