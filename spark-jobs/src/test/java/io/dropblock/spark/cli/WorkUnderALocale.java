package io.dropblock.spark.cli;

import io.dropblock.spark.data.source.DrawnShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A process of its own that draws images, prepares them, trains, is "killed" after its first epoch,
 * resumes and evaluates, all in the folder that it is given.
 */
final class WorkUnderALocale {
  private final Path folder;

  private WorkUnderALocale(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) {
    Locale here = Locale.getDefault(Locale.Category.FORMAT);
    System.out.println(
        new Formatter(here).format("digits %d", 12)
            + " lower "
            + "TITLE".toLowerCase(here)
            + " charset "
            + System.getProperty("sun.jnu.encoding"));
    if (arguments.length > 1) {
      System.exit(Main.run(arguments));
    }
    int status = 1;
    try {
      new WorkUnderALocale(Path.of(arguments[0])).doAll();
      status = 0;
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
    } finally {
      // Spark leaves a timer behind that would keep this JVM
      System.exit(status);
    }
  }

  private void doAll() throws IOException {
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            new org.apache.hadoop.fs.Path(folder.resolve("images").toString()),
            16,
            4);
    run("prepare", folder.resolve("images").toString(), "--out", data());
    run(train());
    loseTheSecondEpoch();
    List<String> again = new ArrayList<>(List.of(train()));
    again.add("--resume");
    run(again.toArray(String[]::new));
    run("evaluate", folder.resolve("run").toString(), "--data", data());
    System.out.println("name " + RunNames.fresh("demo"));
  }

  private String[] train() {
    return new String[] {
      "train",
      "demo",
      "--data",
      data(),
      "--run",
      folder.resolve("run").toString(),
      "--set",
      "train.epochs=2",
      "--set",
      "train.world=1",
      "--set",
      "model.width=2"
    };
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  /** What a driver leaves that was killed in its second epoch. */
  private void loseTheSecondEpoch() throws IOException {
    Path run = folder.resolve("run");
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints/epoch-0002"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    List<String> events = Files.readAllLines(run.resolve("events.jsonl"));
    int first = 0;
    while (!events.get(first).contains("\"event\":\"epoch\"")) {
      first++;
    }
    Files.write(run.resolve("events.jsonl"), events.subList(0, first + 1));
  }

  private static void run(String... arguments) {
    int status = Main.run(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }
}
