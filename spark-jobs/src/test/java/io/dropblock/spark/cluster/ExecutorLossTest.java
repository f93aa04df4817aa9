package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;

/** Spark's failure with the reasons that its standalone, YARN and Kubernetes masters give. */
class ExecutorLossTest {
  private static final SparkConf CONF = new SparkConf(false).set("spark.executor.memory", "1g");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Command exited with code 3 | ran out of memory (heap 1g): give it more with spark.executor.memory, or let fewer tasks run in it with spark.executor.cores",
        "Command exited with code 52 | ran out of memory (heap 1g): give it more with spark.executor.memory, or let fewer tasks run in it with spark.executor.cores",
        "Command exited with code 137 | was killed, most likely for its memory (code 137; heap 1g): give its container more with spark.executor.memoryOverhead, or a machine fewer executors",
        "Container from a bad node: container_1_2 on host: node7. Exit status: 137. Diagnostics: Container killed on request. | was killed, most likely for its memory (code 137; heap 1g): give its container more with spark.executor.memoryOverhead, or a machine fewer executors",
        "Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5 GB physical memory used. | was killed, most likely for its memory (its container's limit; heap 1g): give its container more with spark.executor.memoryOverhead, or a machine fewer executors",
        "The executor with id 1 exited with exit code 52(JVM OOM). | ran out of memory (heap 1g): give it more with spark.executor.memory, or let fewer tasks run in it with spark.executor.cores",
        "The executor with id 1 exited with exit code 137(SIGKILL, possible container OOM). | was killed, most likely for its memory (code 137; heap 1g): give its container more with spark.executor.memoryOverhead, or a machine fewer executors",
      })
  void itsMemory(String reason, String told) {
    String lost = new ExecutorLostFailure("1", true, Option.apply(reason)).toErrorString();
    assertThat(ExecutorLoss.tell(lost, CONF)).contains("executor 1 " + told);
    String job =
        "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure: "
            + "Lost task 0.3 in stage 0.0 (TID 7) (node7 executor 1): "
            + lost
            + "\nDriver stacktrace:";
    assertThat(ExecutorLoss.tell(job, CONF)).contains("executor 1 on node7 " + told);
  }

  @Test
  void nothingElse() {
    assertThat(
            ExecutorLoss.tell(
                new ExecutorLostFailure("1", true, Option.apply("Command exited with code 1"))
                    .toErrorString(),
                CONF))
        .isEmpty();
    assertThat(
            ExecutorLoss.tell(
                new ExecutorLostFailure("1", true, Option.apply("worker lost: 3 times in 137 s"))
                    .toErrorString(),
                CONF))
        .isEmpty();
    assertThat(ExecutorLoss.tell("Cannot read image with code 3", CONF)).isEmpty();
    assertThat(ExecutorLoss.tell(null, CONF)).isEmpty();
  }
}
