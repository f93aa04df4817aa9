package io.dropblock.spark.train.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores;
import io.dropblock.spark.ring.CapturedLog;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.TestManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  private static final RunEvent STARTED = new RunEvent.Started("r", 2, 4, 64, 3, 10, 0, 641, 1234);

  @TempDir private java.nio.file.Path temporary;
  private RunFolder folder;

  @BeforeEach
  void createRun() {
    folder = RunFolder.create(new Path(temporary.toUri()), "seed: 1\n", new Configuration());
  }

  /** People and programs read that the first epoch is 1, and its last step 10. */
  @Test
  void writesALineAnEventWithItsTimeAndCountsFrom1() throws IOException {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    write(0, STARTED, steps(0), epoch(0), new RunEvent.Stopped(9));
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(4);
    Matcher started =
        Pattern.compile(
                "\\{\"event\":\"started\",\"version\":4,\"time\":\"([^\"]*Z)\",\"recipe\":\"r\",\"world\":2,\"slots\":4,"
                    + "\"global_batch\":64,\"epochs\":3,\"steps_per_epoch\":10,\"first_step\":1,"
                    + "\"images\":641,\"parameters\":1234}")
            .matcher(lines.get(0));
    assertThat(started.matches()).as(lines.get(0)).isTrue();
    assertThat(Instant.parse(started.group(1))).isBetween(before, Instant.now());
    assertThat(lines.get(1)).contains("\"epoch\":1,\"step\":10,");
    assertThat(lines.get(2)).contains("\"epoch\":1,\"loss\":1.5,").doesNotContain("\"top5\"");
    assertThat(lines.get(3)).startsWith("{\"event\":\"stopped\"").endsWith("\"step\":10}");
    assertThat(read()).containsExactly(STARTED, steps(0), epoch(0), new RunEvent.Stopped(9));
  }

  /** It counted from 0, and told of each epoch twice; it goes on as one of today's. */
  @Test
  void aLogOfAnOlderVersionIsGoneOnWith() throws IOException {
    Files.write(
        file(),
        List.of(
            "{\"event\":\"started\",\"recipe\":\"r\",\"world\":2,\"global_batch\":64,\"epochs\":3,"
                + "\"steps_per_epoch\":10,\"first_step\":0,\"parameters\":1234}",
            line("steps", "\"epoch\":0,\"step\":5"),
            line("steps", "\"epoch\":0,\"step\":9"),
            line("epoch", "\"epoch\":0"),
            line("steps", "\"epoch\":1,\"step\":19")));
    assertThat(read())
        .containsExactly(
            new RunEvent.Started("r", 2, 64, 3, 10, 0, 0, 1234),
            new RunEvent.Steps(0, 5, 0, 0, 0, 0, 0, 0),
            new RunEvent.Epoch(0, 0, 0, 0, 0, 0, 0, null, null, Map.of(), List.of(), List.of()),
            new RunEvent.Steps(1, 19, 0, 0, 0, 0, 0, 0));
    List<RunEvent> before = read();
    write(1, epoch(1));
    assertThat(read())
        .hasSize(4)
        .startsWith(before.get(0), before.get(1), before.get(2))
        .endsWith(epoch(1));
    assertThat(Files.readAllLines(file()))
        .allSatisfy(line -> assertThat(line).contains("\"version\":4,"))
        .element(1)
        .asString()
        .contains("\"epoch\":1,\"step\":6");
  }

  private static String line(String event, String fields) {
    return "{\"event\":\"" + event + "\"," + fields + "}";
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
  void stepsRiseWhateverComesLate() throws IOException {
    RunEvent early = new RunEvent.Steps(0, 5, 6, 1.5, 100, .95, .96, .1);
    write(0, STARTED, early, early, steps(0), early, epoch(0), steps(0), steps(1));
    assertThat(read()).containsExactly(STARTED, early, steps(0), epoch(0), steps(1));
  }

  /** Beside the steps of the next it was evaluated; a run may go on behind it, or do it again. */
  @Test
  void anEpochMayComeAmongTheStepsOfTheNext() throws IOException {
    RunEvent early = new RunEvent.Steps(1, 13, 4, 1.5, 100, .95, .96, .1);
    List<RunEvent> all = List.of(STARTED, steps(0), early, epoch(0), steps(1), steps(2), epoch(1));
    List<RunEvent> told = new ArrayList<>(all);
    told.add(all.indexOf(epoch(0)) + 1, early);
    write(0, told.toArray(RunEvent[]::new));
    assertThat(read()).as("without what comes late").isEqualTo(all);
    EventLog.open(folder.files(), folder.events(), 2, 20).close();
    assertThat(read()).containsExactly(STARTED, steps(0), early, epoch(0), steps(1), epoch(1));
    EventLog.open(folder.files(), folder.events(), 1, 14).close();
    assertThat(read()).containsExactly(STARTED, steps(0), early, epoch(0));
    EventLog.open(folder.files(), folder.events(), 0, 9).close();
    assertThat(read()).containsExactly(STARTED);
  }

  @Test
  void whatWasDoneBesideTheNextEpochIsReadAgain() throws IOException {
    RunEvent beside =
        new RunEvent.Epoch(
            0,
            1.5,
            100,
            6.4,
            .95,
            .96,
            .1,
            TestManifest.SCORES,
            .5,
            Map.of("steps", 6.3),
            Map.of("evaluation", 4.),
            List.of(),
            List.of());
    write(0, STARTED, beside);
    assertThat(read()).containsExactly(STARTED, beside);
  }

  /** Without our plugin there are no steps. */
  @Test
  void anEpochSaysHowFarTheRunIsToo() throws IOException {
    write(0, STARTED, epoch(0));
    try (EventLog log = EventLog.open(folder.files(), folder.events(), 1, 10)) {
      log.accept(epoch(1));
      log.accept(steps(1));
      log.accept(new RunEvent.Steps(2, 20, 1, 1.5, 100, .95, .96, .1));
    }
    assertThat(read())
        .containsExactly(
            STARTED, epoch(0), epoch(1), new RunEvent.Steps(2, 20, 1, 1.5, 100, .95, .96, .1));
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

  /** A line that was cut and written on, a block of zeros, text that is no UTF-8, half an end. */
  @Test
  void whatCannotBeReadIsSetAsideAndTheRestKept() throws IOException {
    write(0, STARTED, steps(0), epoch(0));
    byte[] whole = Files.readAllBytes(file());
    String cut = "{\"event\":\"ste{\"event\":\"epoch\"}";
    byte[] zeros = new byte[300];
    byte[] latin1 = "{\"event\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    String end = "{\"event\":\"epo";
    ByteArrayOutputStream damaged = new ByteArrayOutputStream();
    for (byte[] line :
        List.of(
            cut.getBytes(StandardCharsets.UTF_8),
            zeros,
            latin1,
            "17".getBytes(StandardCharsets.UTF_8))) {
      damaged.writeBytes(line);
      damaged.write('\n');
    }
    Files.write(file(), damaged.toByteArray());
    Files.write(file(), whole, StandardOpenOption.APPEND);
    Files.writeString(file(), end, StandardOpenOption.APPEND);
    assertThat(read()).containsExactly(STARTED, steps(0), epoch(0));
    try (CapturedLog log = CapturedLog.of(LogFile.class)) {
      write(1, epoch(1));
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN Event log ")
          .contains(file().toString())
          .endsWith(" is damaged: 5 lines set aside in events.jsonl.damaged-1, the other 3 kept");
    }
    assertThat(read()).containsExactly(STARTED, steps(0), epoch(0), epoch(1));
    damaged.writeBytes((end + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(temporary.resolve("events.jsonl.damaged-1")).hasBinaryContent(damaged.toByteArray());
    write(1, epoch(1));
    assertThat(temporary.resolve("events.jsonl.damaged-2")).doesNotExist();
    Files.writeString(file(), "again", StandardOpenOption.APPEND);
    write(1, epoch(1));
    assertThat(temporary.resolve("events.jsonl.damaged-2")).hasContent("again");
  }

  @Test
  void whatANewerVersionWroteIsKeptAsItIs() throws IOException {
    write(0, STARTED);
    List<String> newer =
        List.of(
            "{\"event\":\"warmed\",\"version\":4,\"epoch\":1,\"degrees\":[1,2]}",
            "{\"version\":5,\"event\":\"epoch\",\"epoch\":\"first\"}",
            "{\"event\":\"stopped\",\"version\":4,\"step\":4,\"signal\":\"TERM\"}");
    Files.write(file(), newer, StandardOpenOption.APPEND);
    assertThat(read()).containsExactly(STARTED, new RunEvent.Stopped(3));
    write(1, epoch(1));
    assertThat(Files.readAllLines(file())).hasSize(5).containsAll(newer);
    assertThat(temporary.resolve("events.jsonl.damaged-1")).doesNotExist();
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

  @Test
  void accuraciesOfVersion2BecomeScores() throws IOException {
    Files.writeString(
        file(),
        "{\"event\":\"epoch\",\"version\":2,\"time\":\"2026-01-01T00:00:00Z\",\"epoch\":1,\"loss\":1.5,\"images_per_second\":100.0,\"seconds\":6.4,\"keep_probability\":0.95,\"kept_fraction\":0.96,\"learning_rate\":0.1,\"top1\":0.5,\"top5\":0.9,\"best\":0.5}\n");
    Scores scores = Scores.of(new Scores.Score("top-1", .5), new Scores.Score("top-5", .9));
    RunEvent expected =
        new RunEvent.Epoch(
            0, 1.5, 100, 6.4, .95, .96, .1, scores, .5, Map.of(), List.of(), List.of());
    assertThat(read()).containsExactly(expected);
    write(1, epoch(1));
    assertThat(read()).containsExactly(expected, epoch(1));
    assertThat(Files.readAllLines(file()).get(0))
        .startsWith(
            "{\"event\":\"epoch\",\"version\":4,\"time\":\"2026-01-01T00:00:00Z\",\"epoch\":1,");
  }

  private java.nio.file.Path file() {
    return temporary.resolve("events.jsonl");
  }

  private static RunEvent steps(int epoch) {
    return new RunEvent.Steps(epoch, 9 + 10L * epoch, 10, 1.5, 100, .95, .96, .1);
  }

  private static RunEvent epoch(int epoch) {
    return new RunEvent.Epoch(
        epoch,
        1.5,
        100,
        6.4,
        .95,
        .96,
        .1,
        TestManifest.SCORES,
        .5,
        Map.of(),
        List.of(),
        List.of());
  }
}
