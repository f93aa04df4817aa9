package io.dropblock.spark.train.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReportOutboxTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final List<ReportSlice> sent = new ArrayList<>();

  @Test
  void reportsAreSentInOrderAndInSlices() {
    try (ReportOutbox outbox = ReportOutbox.open(it -> sent.add((ReportSlice) it), NEVER)) {
      int reports = 2 * ReportOutbox.SLICE + 3;
      IntStream.range(0, reports).forEach(step -> tell(outbox, step));
      assertThat(sent).isEmpty();
      outbox.flush();
      assertThat(sent.stream().map(slice -> slice.reports().size()))
          .containsExactly(ReportOutbox.SLICE, ReportOutbox.SLICE, 3);
      assertThat(sent.stream().flatMap(slice -> slice.reports().stream()).map(StepReport::step))
          .isSorted()
          .hasSize(reports);
    }
  }

  @Test
  void theyAreSentByThemselves() {
    try (ReportOutbox outbox =
        ReportOutbox.open(it -> sent.add((ReportSlice) it), Duration.ofMillis(10))) {
      tell(outbox, 1);
      Awaitility.await().until(() -> sent.size() == 1);
    }
  }

  @Test
  void whatFindsNoRoomIsDropped() {
    try (ReportOutbox outbox = ReportOutbox.open(it -> sent.add((ReportSlice) it), NEVER)) {
      assertThat(IntStream.range(0, ReportOutbox.ROOM).allMatch(step -> tell(outbox, step)))
          .isTrue();
      assertThat(tell(outbox, ReportOutbox.ROOM)).isFalse();
      outbox.flush();
      assertThat(tell(outbox, ReportOutbox.ROOM + 1)).isTrue();
    }
  }

  @Test
  void aDriverThatDoesNotHearIsNoFailure() {
    try (ReportOutbox outbox =
        ReportOutbox.open(
            it -> {
              throw new IOException("gone");
            },
            NEVER)) {
      assertThat(tell(outbox, 1)).isTrue();
      outbox.flush();
      assertThat(tell(outbox, 2)).isTrue();
    }
  }

  @Test
  void itIsThisProcessOnesUntilItIsClosed() {
    try (ReportOutbox outbox = ReportOutbox.open(it -> {}, NEVER)) {
      assertThat(ReportOutbox.ofThisProcess()).contains(outbox);
    }
    assertThat(ReportOutbox.ofThisProcess()).isEmpty();
  }

  private static boolean tell(ReportOutbox outbox, long step) {
    return outbox.tell(Reports.of(0, 1, step, 1));
  }
}
