package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final String HOSTILE = "<script>alert(1)</script>&";

  @TempDir private Path folder;

  @Test
  void aRunHasItsCurvesItsTableAndItsRecipe() throws IOException {
    Path run = run("first", "cifar", 3);

    Answer answer = Answer.to("report", run.toString());

    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).isEqualTo("Report: " + run + "/report.html\n");
    String page = Files.readString(run.resolve("report.html"));
    // two slices an epoch, a score an epoch but the second
    assertThat(points(page)).containsExactly(6, 2, 6, 6, 6, 3);
    assertThat(page)
        .contains(
            "top-1 52.00 % after epoch 3",
            "3 of 4 epochs; step 6 of 8, 0:14 min left", "seed: 7", "a checkpoint was lost");
    assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "src=");
  }

  @Test
  void severalRunsShareTheirCharts() throws IOException {
    Path out = folder.resolve("both.html");

    Answer answer =
        Answer.to(
            "report",
            run("a", "baseline", 3).toString(),
            run("b", "dropblock", 4).toString(),
            "--out",
            out.toString(),
            "--png",
            folder.resolve("png").toString());

    assertThat(answer.error()).isEmpty();
    String page = Files.readString(out);
    assertThat(points(page)).containsExactly(6, 8, 2, 3, 6, 8, 6, 6, 8, 8, 3, 4);
    assertThat(page).contains("a: top-1", "b: top-1", "2 trainings", "done: 4 of 4 epochs");
    try (Stream<Path> files = Files.list(folder.resolve("png"))) {
      assertThat(files).hasSize(5);
    }
    assertThat(ImageIO.read(folder.resolve("png/curve-1.png").toFile()).getWidth()).isEqualTo(960);
  }

  @Test
  void markupInNamesAndNotesIsText() throws IOException {
    Path run = run("first", HOSTILE, 2);
    Files.writeString(
        run.resolve("events.jsonl"),
        "{\"event\":\"note\",\"version\":4,\"text\":\"" + HOSTILE + "\"}\n",
        java.nio.file.StandardOpenOption.APPEND);
    Files.writeString(run.resolve("recipe.yaml"), "name: " + HOSTILE);

    assertThat(Answer.to("report", run.toString()).status()).isZero();

    assertThat(Files.readString(run.resolve("report.html")))
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;");
  }

  @Test
  void refusesWhatIsNoRun() throws IOException {
    Path none = folder.resolve("none");
    assertRefused("Cannot open run " + none + ": there is no such folder", none.toString());
    Path begun = run("begun", "cifar", 0);
    Files.delete(begun.resolve("events.jsonl"));
    assertRefused(
        "Cannot report on run " + begun + ": there is nothing in its events.jsonl yet",
        begun.toString());
    assertRefused("--out=FILE", begun.toString(), run("other", "cifar", 1).toString());
    Path run = run("whole", "cifar", 1);
    assertRefused(
        "Cannot write --out " + folder + "/no/x.html: there is no folder " + folder + "/no",
        run.toString(),
        "--out",
        folder + "/no/x.html");
  }

  private static void assertRefused(String reason, String... arguments) {
    Answer answer =
        Answer.to(Stream.concat(Stream.of("report"), Stream.of(arguments)).toArray(String[]::new));
    assertThat(answer.status()).isPositive();
    assertThat(answer.error()).contains(reason);
    assertThat(answer.error().lines()).hasSizeLessThanOrEqualTo(2);
  }

  private static Integer[] points(String page) {
    Matcher points = Pattern.compile("data-points=\"(\\d+)\"").matcher(page);
    return points.results().map(it -> Integer.valueOf(it.group(1))).toArray(Integer[]::new);
  }

  /** A run of four epochs of two steps, of which some are done. */
  private Path run(String name, String recipe, int epochs) throws IOException {
    Path run = Files.createDirectory(folder.resolve(name));
    Files.writeString(run.resolve("recipe.yaml"), "seed: 7\n");
    StringBuilder events = new StringBuilder();
    events.append(
        "{\"event\":\"started\",\"version\":4,\"recipe\":\""
            + recipe
            + "\",\"world\":2,\"global_batch\":64,\"epochs\":4,\"steps_per_epoch\":2,"
            + "\"first_step\":1,\"images\":128,\"parameters\":1234}\n"
            + "{\"event\":\"note\",\"version\":4,\"text\":\"a checkpoint was lost\"}\n");
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (int step = 2 * epoch - 1; step <= 2 * epoch; step++) {
        events.append(
            "{\"event\":\"steps\",\"version\":4,\"epoch\":"
                + epoch
                + ",\"step\":"
                + step
                + ",\"loss\":1.5,\"images_per_second\":9,\"keep_probability\":1,"
                + "\"kept_fraction\":1,\"learning_rate\":0.1}\n");
      }
      events.append(
          "{\"event\":\"epoch\",\"version\":4,\"epoch\":"
              + epoch
              + ",\"loss\":1.5,\"images_per_second\":9,\"seconds\":2,\"keep_probability\":1,"
              + "\"kept_fraction\":1,\"learning_rate\":0.1,\"ranks\":["
              + "{\"rank\":0,\"host\":\"node-a\",\"steps\":2,\"seconds\":{\"forward\":0.2,\"wait\":0.4}},"
              + "{\"rank\":1,\"host\":\"node-b\",\"steps\":2,\"seconds\":{\"data\":0.3,\"forward\":0.3}}]"
              + (epoch == 2
                  ? ""
                  : ",\"scores\":{\"main\":[{\"name\":\"top-1\",\"value\":0.5"
                      + (epoch - 1)
                      + ",\"unit\":\"SHARE\"}],\"details\":[],\"notes\":[]}")
              + "}\n");
    }
    Files.writeString(run.resolve("events.jsonl"), events);
    return run;
  }
}
