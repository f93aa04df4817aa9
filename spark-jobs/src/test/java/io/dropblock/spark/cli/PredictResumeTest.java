package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The driver is killed, and the same command, or another one, finds what it left. */
@ExtendWith(SparkInThisJvm.class)
class PredictResumeTest {
  private static final int COPIES = 10;

  @TempDir private static Path folder;

  @BeforeAll
  static void train() throws IOException {
    TinyRun.prepare(folder);
    assertThat(
            new TinyRun(folder.resolve("data"), folder.resolve("run"))
                .train("--set", "train.epochs=1")
                .status())
        .isZero();
    for (int i = 0; i < COPIES; i++) {
      TinyRun.copy(folder.resolve("images"), folder.resolve("many/copy" + i));
    }
  }

  private List<String> predict(String images, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                folder.resolve("run").toString(),
                "--images",
                folder.resolve(images).toString(),
                "--out",
                folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static Answer answer(List<String> arguments) {
    return Answer.to(arguments.toArray(String[]::new));
  }

  private Path notes(String out) {
    return folder.resolve("." + out + ".unfinished/_prediction");
  }

  private Map<String, FileTime> finished(String out) throws IOException {
    Map<String, FileTime> finished = new TreeMap<>();
    if (Files.exists(notes(out))) {
      try (Stream<Path> all = Files.list(notes(out))) {
        for (Path note : all.filter(file -> file.toString().endsWith(".note.json")).toList()) {
          String part = note.getFileName().toString().replace(".note.json", ".parquet");
          finished.put(part, Files.getLastModifiedTime(notes(out).resolveSibling(part)));
        }
      }
    }
    return finished;
  }

  private List<String> rows(String out) throws IOException {
    return PredictedRows.in(folder.resolve(out)).stream().map(Group::toString).toList();
  }

  @Test
  void goesOnWhereTheDriverWasKilled() throws IOException, InterruptedException {
    assertThat(answer(predict("many", "whole", "--batch", "1")).error()).isEmpty();

    CommandJvm killed =
        CommandJvm.start(
            folder, List.of("spark.master=local[1]"), predict("many", "out", "--batch", "1"));
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> !killed.isAlive() || !finished("out").isEmpty());
    assertThat(killed.signal("KILL")).as(killed::printed).isEqualTo(137);
    Map<String, FileTime> before = finished("out");
    assertThat(before).isNotEmpty().hasSizeLessThan(8);
    assertThat(folder.resolve("out")).doesNotExist();

    Answer other = answer(predict("many", "out", "--batch", "2"));
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.error())
        .hasLineCount(1)
        .startsWith("Cannot go on with ")
        .contains(
            ".out.unfinished: it holds ",
            "of an unfinished prediction that differs (--batch 1, now 2); use that again, or"
                + " delete that folder");
    Path first = folder.resolve("many/copy0/train/ring/0000.jpg");
    Path away = Files.move(first, folder.resolve("away.jpg"));
    assertThat(answer(predict("many", "out", "--batch", "1")).error()).contains("(images ");
    Files.move(away, first);

    // Of another number of ranks, too: the parts are those of the first command.
    Answer resumed = answer(predict("many", "out", "--batch", "1"));
    assertThat(resumed.error()).isEmpty();
    Matcher told =
        Pattern.compile("Continuing: (\\d+) of 8 parts are finished already")
            .matcher(resumed.out());
    assertThat(told.find()).as(resumed.out()).isTrue();
    assertThat(Integer.parseInt(told.group(1))).isEqualTo(before.size());
    for (Map.Entry<String, FileTime> part : before.entrySet()) {
      assertThat(Files.getLastModifiedTime(folder.resolve("out").resolve(part.getKey())))
          .as(part.getKey())
          .isEqualTo(part.getValue());
    }
    assertThat(rows("out")).hasSize(COPIES * 90).isEqualTo(rows("whole"));
    assertThat(folder.resolve("out/_prediction")).doesNotExist();
    assertThat(notes("out").getParent()).doesNotExist();
  }

  /** A part whose file was damaged is done again. */
  @Test
  void partsAreKeptWhereTheJobFails() throws IOException {
    Path images = folder.resolve("strict");
    TinyRun.copy(folder.resolve("images/val"), images);
    Path last = images.resolve("zz.jpg");
    Files.write(last, Arrays.copyOf(Files.readAllBytes(images.resolve("ring/0001.jpg")), 300));
    Answer strict = answer(predict("strict", "kept", "--strict", "--batch", "1"));
    assertThat(strict.status()).isEqualTo(1);
    assertThat(strict.error())
        .hasLineCount(1)
        .contains("Cannot predict image zz.jpg: ", "; the same command goes on with ")
        .contains(" finished parts in ");
    Path damaged = notes("kept").resolveSibling(finished("kept").keySet().iterator().next());
    Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 100));

    Answer all = answer(predict("strict", "kept", "--batch", "1"));
    assertThat(all.error()).isEmpty();
    assertThat(all.out()).contains("parts are finished already", "Broken: 1 image");
    assertThat(rows("kept")).hasSize(19);
  }
}
