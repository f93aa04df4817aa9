package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the words of Spark 3.5's cluster managers. */
class ExecutorLossTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Command exited with code 3|the executor ran out of heap (exit code 3); raise",
        "Command exited with code 52|the executor ran out of heap (exit code 52); raise",
        "Command exited with code 137|the executor was killed (exit code 137), as",
        "Container from a bad node: c_1 on host: n7. Exit status: 143. Diagnostics: Killed"
            + "|the executor was killed (exit code 143), as",
        "Container killed by YARN for exceeding physical memory limits. 5.1 GB of 5 GB used"
            + "|the executor took more memory than its container may; raise",
        "The executor with id 1 exited with exit code 137(SIGKILL, possible container OOM)."
            + "|the executor was killed (exit code 137), as",
        "The executor with id 1 exited with exit code 52(JVM OOM)."
            + "|the executor ran out of heap (exit code 52); raise",
        "Job aborted due to stage failure: Lost task 0.3 (TID 9): ExecutorLostFailure (executor 3"
            + " exited caused by one of the running tasks) Reason: Command exited with code 3"
            + "|executor 3 ran out of heap (exit code 3); raise spark.executor.memory",
        "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure:"
            + " Lost task 0.3 in stage 0.0 (TID 7) (node7 executor 1): ExecutorLostFailure"
            + " (executor 1 exited caused by one of the running tasks) Reason: Command exited with"
            + " code 137|executor 1 on node7 was killed (exit code 137), as"
      })
  void memoryIsToldAsThat(String text, String told) {
    assertThat(ExecutorLoss.ofMemory(text).orElseThrow()).startsWith(told);
    assertThat(ExecutorLoss.reason(text)).startsWith(told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Command exited with code 1",
        "Executor heartbeat timed out after 125000 ms",
        "worker lost: 3 of 52",
        "Task 137 in stage 3.0 failed 4 times",
        "Cannot read image with code 3"
      })
  void otherReasonsAreNot(String text) {
    assertThat(ExecutorLoss.ofMemory(text)).isEmpty();
    assertThat(ExecutorLoss.reason(text)).isEqualTo("its executor was lost: " + text);
  }

  @Test
  void sparksGuessesAreLeftOut() {
    assertThat(
            ExecutorLoss.reason(
                "Remote RPC client disassociated. Likely due to containers exceeding thresholds, or"
                    + " network issues. Check driver logs for WARN messages."))
        .isEqualTo("its executor was lost: its connection ended; its log may say why");
  }

  /** Kubernetes' reason begins with an empty line. */
  @Test
  void theFirstLineThatSaysSomethingIsTold() {
    assertThat(
            ExecutorLoss.reason(
                "\nThe executor with id 2 exited with exit code 1(Unexpected).\n\n\n"
                    + "The API gave the following container statuses:\n"))
        .isEqualTo(
            "its executor was lost: The executor with id 2 exited with exit code 1(Unexpected)");
    assertThat(ExecutorLoss.reason("\n")).isEqualTo("its executor was lost");
  }
}
