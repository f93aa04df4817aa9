package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.train.event.RunEvent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WrittenWithinTest {

  /** Ranks of both may be in one process. */
  @Test
  void whatIsWrittenForOneRunIsToldToNoOther() {
    RunEvent event = new RunEvent.Checkpoint(3, "epoch-0001-step-00000004");
    WrittenWithin.begin("/one", CompletableFuture.completedFuture(Optional.of(event)));
    WrittenWithin.begin(
        "/other", CompletableFuture.failedFuture(new IllegalStateException("Cannot write")));
    assertThat(WrittenWithin.take("/one")).contains(event);
    assertThat(WrittenWithin.take("/one")).isEmpty();
    assertThatThrownBy(() -> WrittenWithin.take("/other")).hasMessage("Cannot write");
    assertThat(WrittenWithin.take("/other")).isEmpty();
  }
}
