package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void showsWhatWasWrittenForPeople() {
    for (RuntimeException error :
        List.of(
            new DataException("Cannot read x: y"),
            new TrainingException("Cannot read x: y"),
            new ClusterException("Cannot read x: y", new IllegalStateException("inner")))) {
      assertThat(Failure.message(new IllegalStateException("outer", error)))
          .isEqualTo("Cannot read x: y");
    }
  }

  @Test
  void theOutermostHasTheWholeStory() {
    Throwable inner = new DataException("Cannot read y: z");
    assertThat(
            Failure.message(new TrainingException("Cannot go on with x: Cannot read y: z", inner)))
        .isEqualTo("Cannot go on with x: Cannot read y: z");
  }

  @Test
  void saysThatAnExecutorRanOutOfHeap() {
    assertThat(
            Failure.message(
                new RuntimeException(
                    "Job aborted due to stage failure: ... Reason: Command exited with code 3")))
        .isEqualTo(
            "Cannot go on: the executor ran out of heap (exit code 3); raise spark.executor.memory,"
                + " or lower spark.executor.cores so that fewer tasks share it");
  }

  @Test
  void anErrorThatSaysWhatCannotBeDoneSaysItOnce() {
    assertThat(Failure.message(new IllegalStateException("Cannot count: no fingers")))
        .isEqualTo(
            "Cannot count: no fingers (IllegalStateException); add --verbose for the stack trace");
  }

  @Test
  void namesTheClassOfWhatNobodyForesaw() {
    assertThat(Failure.message(new RuntimeException(new IllegalStateException("a\nb"))))
        .isEqualTo("Cannot go on: a (IllegalStateException); add --verbose for the stack trace");
  }
}
