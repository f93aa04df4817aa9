package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  private static final RunEvent STARTED = new RunEvent.Started("r", 2, 64, 3, 10, 0, 1234);

  @TempDir private java.nio.file.Path temporary;
  private RunFolder folder;

  @BeforeEach
  void createRun() {
    folder = RunFolder.create(new Path(temporary.toUri()), "seed: 1\n", new Configuration());
  }

  @Test
  void writesALineAnEvent() throws IOException {
    write(0, STARTED, steps(0), epoch(0));
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"event\":\"started\",\"recipe\":\"r\",\"world\":2,\"global_batch\":64,\"epochs\":3,"
                + "\"steps_per_epoch\":10,\"first_step\":0,\"parameters\":1234}");
    assertThat(lines.get(2)).startsWith("{\"event\":\"epoch\",\"epoch\":0,\"loss\":1.5,");
    assertThat(read()).containsExactly(STARTED, steps(0), epoch(0));
  }

  @Test
  void linesAreThereAsSoonAsTheyAreWritten() throws IOException {
    try (EventLog log = EventLog.open(folder.files(), folder.events(), 0, 0)) {
      log.accept(STARTED);
      assertThat(Files.readAllLines(file())).hasSize(1);
    }
  }

  @Test
  void aResumedRunDropsTheEpochsItDoesAgain() throws IOException {
    write(0, STARTED, steps(0), epoch(0), steps(1), epoch(1), steps(2));
    write(1, epoch(1));
    assertThat(read()).containsExactly(STARTED, steps(0), epoch(0), epoch(1));
  }

  @Test
  void aLineThatADyingDriverLeftIsDropped() throws IOException {
    write(0, STARTED, epoch(0));
    Files.writeString(file(), "{\"event\":\"epo", StandardOpenOption.APPEND);
    write(1, epoch(1));
    assertThat(read()).containsExactly(STARTED, epoch(0), epoch(1));
  }

  @Test
  void aLogThatADyingDriverWasWritingAgainIsNotLost() throws IOException {
    write(0, STARTED, epoch(0));
    Files.move(file(), temporary.resolve("events.jsonl.tmp"));
    write(1, epoch(1));
    assertThat(read()).containsExactly(STARTED, epoch(0), epoch(1));
  }

  @Test
  void aRunThatIsResumedWithinAnEpochKeepsItsStepsBefore() throws IOException {
    write(0, STARTED, steps(0), epoch(0), steps(1), epoch(1));
    try (EventLog log = EventLog.open(folder.files(), folder.events(), 1, 20)) {
      log.accept(steps(2));
    }
    assertThat(read()).containsExactly(STARTED, steps(0), epoch(0), steps(1), steps(2));
  }

  @Test
  void aBrokenLineInTheMiddleIsAnError() throws IOException {
    write(0, STARTED);
    Files.writeString(file(), "nonsense\nmore\nand more\n", StandardOpenOption.APPEND);
    assertThatThrownBy(this::read)
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            String.format(Locale.ROOT, "Cannot read %s: line 2 is no event", folder.events()));
  }

  private void write(int firstEpoch, RunEvent... events) throws IOException {
    try (EventLog log =
        EventLog.open(folder.files(), folder.events(), firstEpoch, 10L * firstEpoch)) {
      List.of(events).forEach(log);
    }
  }

  private List<RunEvent> read() throws IOException {
    return EventLog.read(folder.files(), folder.events());
  }

  private java.nio.file.Path file() {
    return temporary.resolve("events.jsonl");
  }

  private static RunEvent steps(int epoch) {
    return new RunEvent.Steps(epoch, 9 + 10L * epoch, 1.5, 100, .95, .96, .1);
  }

  private static RunEvent epoch(int epoch) {
    return new RunEvent.Epoch(epoch, 1.5, 100, 6.4, .95, .96, .1, .5, null, .5);
  }
}
